// The page works without this file; it makes it pleasant. Behaviours listen on the document, so swapped-in parts have them.
import './confirm.js'
import './connection.js'
import './focus.js'
import './forms.js'
import './keyboard.js'
import './menus.js'
import './pressing.js'
import './theme.js'
import './times.js'
import './toasts.js'

// What few pages need is loaded when one of them shows it.
const onDemand = { '[data-files]': './photo.js', '[data-rows]': './rows.js', '[data-signature]': './signature.js' }
const loadWhatIsShown = () => {
  for (const [selector, module] of Object.entries(onDemand))
    if (document.querySelector(selector)) import(module).then(({ enhance }) => enhance(document))
}
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-scan]')
  if (button) import('./scan.js').then(({ scan }) => scan(button))
})
loadWhatIsShown()
document.addEventListener('htmx:after:swap', loadWhatIsShown)
