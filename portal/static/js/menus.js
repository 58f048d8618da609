// Menus are <details>: one open at a time, closed by Esc and by a press elsewhere. Dialogs open from links to their id.
const openMenus = () => document.querySelectorAll('details[data-menu][open]')

document.addEventListener('click', event => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener('focusin', event => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return
  for (const menu of openMenus()) {
    menu.open = false
    menu.querySelector('summary').focus()
  }
})

export const open = dialog => {
  if (!dialog.open) dialog.showModal()
  return true
}

document.addEventListener('click', event => {
  const opener = event.target.closest('[data-opens]')
  const dialog = opener ? document.getElementById(opener.dataset.opens) : event.target.closest('dialog')
  if (opener && dialog) {
    event.preventDefault()
    open(dialog)
  } else if (event.target.closest('[data-close]')) {
    event.preventDefault()
    dialog.close()
  } else if (dialog === event.target && !dialog.querySelector('form[data-guard]')) {
    dialog.close() // a press on the veil; a dialog with a form closes only on purpose
  }
})

const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1))
if (named instanceof HTMLDialogElement) open(named)
