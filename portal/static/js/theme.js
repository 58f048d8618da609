// Light, dark, or as the device says; a cookie, so that the server draws the page right at once.
const root = document.documentElement
const year = 365 * 24 * 60 * 60

const choose = theme => {
  const lasting = theme === 'auto' ? 'max-age=0' : `max-age=${year}`
  document.cookie = `theme=${theme}; path=/; ${lasting}; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`
  if (theme === 'auto') delete root.dataset.theme
  else root.dataset.theme = theme
  mark()
}

const mark = () => {
  for (const button of document.querySelectorAll('[data-theme-choice]'))
    button.setAttribute('aria-pressed', button.dataset.themeChoice === (root.dataset.theme ?? 'auto'))
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-theme-choice]')
  if (button) choose(button.dataset.themeChoice)
})
mark()
