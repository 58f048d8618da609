// Forms: sent once, not left by mistake, and a problem's link leads into its field.
const typed = new Set()
const isPlainPost = form => form.method === 'post' && !form.hasAttribute('hx-post')

document.addEventListener('input', event => {
  const form = event.target.form
  if (form?.matches('[data-guard]')) typed.add(form)
})

window.addEventListener('beforeunload', event => {
  if ([...typed].some(form => form.isConnected)) event.preventDefault()
})

document.addEventListener('submit', event => {
  const form = event.target
  if (event.defaultPrevented || !isPlainPost(form)) return
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = 'yes'
  typed.delete(form)
  typed.delete(event.submitter?.closest('form')) // a button may stand in the form that it gives up
})

// A page that comes back from the browser's memory may send again; the server knows doubles by their key.
window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent))

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  if (ctx.response.status < 400) typed.delete(ctx.request.form)
})

// A refused form comes back as a new element that still holds what was typed.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  for (const form of typed) if (!form.isConnected) typed.delete(form)
  if (ctx.response?.status !== 422 && ctx.response?.status !== 409) return
  document.querySelectorAll('form[data-guard]:has([aria-invalid], .error-summary)').forEach(form => typed.add(form))
})

// A swap copies the style attribute of what it replaces (a text box made larger by hand), which the content policy refuses.
document.addEventListener('htmx:before:swap', () => {
  for (const styled of document.querySelectorAll('[id][style]')) styled.removeAttribute('style')
})

document.addEventListener('click', event => {
  const link = event.target.closest('.error-summary a')
  const field = link && document.getElementById(link.hash.slice(1))
  if (!field) return
  event.preventDefault()
  field.focus()
  field.closest('.field')?.scrollIntoView({ block: 'center' })
})
