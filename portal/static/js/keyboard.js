// ? shows the keys, / searches, g and a letter goes, arrows move in lists. Single keys can be switched off in the ? dialog.
import { open } from './menus.js'

const keys = document.getElementById('keys')
const choice = keys?.querySelector('[data-single-keys]')
const isOn = () => localStorage.getItem('single-keys') !== 'off'
let going = 0

const isTyping = target => target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio], [type=file]), textarea, select')

const move = (from, step) => {
  const scope = from.closest('tbody, .card-list, .menu-panel')
  if (!scope) return false
  const all = [...scope.querySelectorAll('.row-link, .card-row, .menu-panel > a, .menu-panel button')]
  const next = all[all.indexOf(from) + step]
  next?.focus()
  return Boolean(next)
}

const single = {
  '?': () => keys && open(keys),
  '/': () => { const field = document.querySelector('[data-search]'); field?.select(); return field },
  g: () => (going = Date.now()),
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (move(event.target, event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault()
    return
  }
  if (!isOn() || document.querySelector('dialog[open]')) return
  const target = Date.now() - going < 1500 && document.querySelector(`.nav-item[data-key="${CSS.escape(event.key)}"]`)
  going = 0
  if (target) target.click()
  else if (single[event.key]?.()) event.preventDefault()
})

if (choice) {
  choice.checked = isOn()
  choice.addEventListener('change', () => localStorage.setItem('single-keys', choice.checked ? 'on' : 'off'))
}
