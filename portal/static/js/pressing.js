// Small presses: copy a value, show a password, follow a row, close a toast.
import { tell } from './toasts.js'

const copy = async text => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = Object.assign(document.createElement('textarea'), { value: text }) // plain http has no clipboard
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

const press = {
  '[data-copy]': button => copy(button.dataset.copy).then(() => tell(button.dataset.done)),
  '[data-print]': () => window.print(),
  '[data-dismiss]': button => button.closest('.toast').remove(),
  '[data-reveal]': button => {
    const field = document.getElementById(button.dataset.reveal)
    field.type = field.type === 'password' ? 'text' : 'password'
    const shown = button.textContent.trim()
    button.textContent = button.dataset.other
    button.dataset.other = shown
    button.setAttribute('aria-pressed', field.type === 'text')
  },
}

document.addEventListener('click', event => {
  for (const [selector, act] of Object.entries(press)) {
    const button = event.target.closest(selector)
    if (button) return act(button)
  }
  const link = event.target.closest('tr')?.querySelector('.row-link')
  if (link && !event.target.closest('a, button, input, label, summary') && !String(getSelection())) link.click()
})
