// Focus stays where one works: a part that was drawn anew, or a page read again after a verb, would leave it nowhere.
const lost = () => !document.activeElement || document.activeElement === document.body

const enter = part => {
  const place = part?.querySelector('[autofocus], .error-summary h2, h1, h2') ?? part
  if (!place || !lost()) return
  if (!place.matches('a, button, input, select, textarea, summary, [tabindex]')) place.tabIndex = -1
  place.focus({ preventScroll: !place.closest('.error-summary') })
}

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.request?.method === 'POST' && ctx.target?.id) enter(document.getElementById(ctx.target.id))
})

// The page that a verb leads back to knows in which part of it the verb was pressed.
const kept = 'pressed-in'
document.addEventListener('submit', ({ target, submitter }) => {
  if (target.method !== 'post') return
  const part = (submitter ?? target).closest('section[id], main [id]:not(form, button)')
  sessionStorage.setItem(kept, JSON.stringify([location.pathname, part?.id ?? 'main', Date.now()]))
})
const [path, id, at] = JSON.parse(sessionStorage.getItem(kept) ?? '[]')
sessionStorage.removeItem(kept)
if (path === location.pathname && Date.now() - at < 30_000) enter(document.getElementById(id) ?? document.getElementById('main'))
