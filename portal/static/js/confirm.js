// One dialog asks before what can't be undone, for htmx requests (hx-confirm) and plain forms (data-confirm).
const dialog = document.getElementById('confirm')
const yes = dialog.querySelector('[value=yes]')

const ask = (question, verb) =>
  new Promise(resolve => {
    dialog.querySelector('.dialog-question').textContent = question
    yes.firstElementChild.textContent = verb || yes.dataset.default
    dialog.returnValue = 'no'
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
    dialog.showModal()
  })

// Every path must answer: a request neither issued nor dropped leaves its element dead.
document.addEventListener('htmx:confirm', async event => {
  event.preventDefault()
  const { ctx, issueRequest, dropRequest } = event.detail
  const agreed = await ask(ctx.confirm, ctx.sourceElement.dataset.confirmButton)
  agreed ? issueRequest() : dropRequest()
})

document.addEventListener('submit', async event => {
  const form = event.target
  if (!form.dataset.confirm || form.dataset.agreed) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (!(await ask(form.dataset.confirm, form.dataset.confirmButton))) return
  form.dataset.agreed = 'yes'
  form.requestSubmit(event.submitter)
})
