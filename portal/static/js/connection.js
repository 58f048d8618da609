// The token goes with every htmx request; lost connections are said, and nothing that was typed is lost.
import { say } from './toasts.js'

const uploadTimeout = 10 * 60 * 1000 // a ward's uplink takes minutes for a few photos; htmx gives up after one

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  ctx.request.headers['X-CSRFToken'] = document.querySelector('meta[name=csrf-token]').content
  if (ctx.request.form?.enctype === 'multipart/form-data') ctx.request.timeout = uploadTimeout
})

document.addEventListener('htmx:error', ({ detail: { error } }) => {
  if (error?.name !== 'AbortError') say(navigator.onLine && error?.name !== 'TypeError' ? 'failed' : 'offline')
})

const banner = document.getElementById('offline')
const show = () => banner && (banner.hidden = navigator.onLine)
window.addEventListener('online', show)
window.addEventListener('offline', show)
show()
