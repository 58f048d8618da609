// Toasts come from the server (out of band) or from here; good news leaves by itself, a problem stays until dismissed.
const toasts = document.getElementById('toasts')
const words = document.getElementById('words').content
const stays = 7000

const leaveLater = toast => {
  if (!toast.matches?.('.good, .neutral')) return
  setTimeout(() => (toast.matches(':hover, :focus-within') ? leaveLater(toast) : toast.remove()), stays)
}

/** Show one of the layout's prepared toasts by its word. */
export const say = word => toasts.append(words.querySelector(`[data-word=${word}] .toast`).cloneNode(true))

/** Show a short good piece of news. */
export const tell = text => {
  const toast = words.querySelector('[data-word=done] .toast').cloneNode(true)
  toast.querySelector('p').textContent = text
  toasts.append(toast)
}

toasts.querySelectorAll('.toast').forEach(leaveLater)
new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(leaveLater))).observe(toasts, { childList: true })
