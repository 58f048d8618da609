// One more row of a repeated group: the last one, emptied and numbered on. Without this there are spare rows.
const renumber = (text, from, to) => text.replaceAll(`-${from}-`, `-${to}-`).replace(new RegExp(`-${from}$`), `-${to}`)

const add = group => {
  const rows = group.querySelectorAll('[data-row]')
  const last = rows[rows.length - 1]
  const row = last.cloneNode(true)
  for (const element of [row, ...row.querySelectorAll('*')])
    for (const name of ['id', 'name', 'for', 'aria-describedby'])
      if (element.hasAttribute(name)) element.setAttribute(name, renumber(element.getAttribute(name), rows.length - 1, rows.length))
  row.querySelectorAll('.error').forEach(error => error.remove())
  row.querySelectorAll('.wrong').forEach(field => field.classList.remove('wrong'))
  for (const input of row.querySelectorAll('input')) {
    input.value = ''
    input.removeAttribute('value')
    input.removeAttribute('aria-invalid')
    input.removeAttribute('autofocus')
  }
  row.querySelector('[data-row-number]').textContent = rows.length + 1
  last.after(row)
  row.querySelector('input').focus()
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-add-row]')
  if (button) add(button.closest('[data-rows]'))
})

/** Nothing to wire: the document listens. */
export const enhance = () => {}
