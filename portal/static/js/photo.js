// Chosen files, seen before they are sent: picture, name, size, and a way to take one back. Nothing is altered here.
const chosen = new WeakMap() // input → File[]
const lang = document.documentElement.lang
const size = new Intl.NumberFormat(lang, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })
const same = a => b => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified

const make = (tag, attributes, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes)
  element.append(...children)
  return element
}

// HEIC and documents have no preview; their kind stands in its place.
const preview = file => {
  const kind = () => make('span', { className: 'upload-kind', textContent: file.name.split('.').pop().slice(0, 4).toUpperCase() })
  if (!file.type.startsWith('image/')) return kind()
  const picture = make('img', { alt: '', src: URL.createObjectURL(file) })
  picture.onload = () => URL.revokeObjectURL(picture.src)
  picture.onerror = () => picture.replaceWith(kind())
  return picture
}

const hold = (input, files) => {
  const transfer = new DataTransfer()
  files.forEach(file => transfer.items.add(file))
  chosen.set(input, files)
  input.files = transfer.files
  draw(input, files)
}

const draw = (input, files) => {
  const box = input.closest('[data-files]')
  const { maxMb, tooBig, remove } = box.dataset
  const rows = files.map(file => {
    const megabytes = file.size / 2 ** 20
    const large = maxMb && megabytes > maxMb
    const note = make('span', { className: large ? 'error' : 'muted', textContent: size.format(Math.max(megabytes, 0.1)) + (large ? ` · ${tooBig}` : '') })
    const button = make('button', { type: 'button', className: 'button quiet', textContent: remove, ariaLabel: `${remove} ${file.name}` })
    button.onclick = () => { hold(input, files.filter(other => other !== file)); input.focus() }
    return make('li', { className: 'upload-file' }, preview(file), make('span', { className: 'upload-name' }, file.name, ' ', note), button)
  })
  box.querySelector('.upload-list').replaceChildren(...rows)
}

// A refused form comes back as a new element: what was chosen in it goes on, by the field's id.
let kept = new Map()
document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  const refused = ctx.response?.status >= 400
  const inputs = refused ? [...document.querySelectorAll('[data-files] input[type=file]')] : []
  kept = new Map(inputs.map(input => [input.id, chosen.get(input) ?? []]))
})

/** Wire the file fields under a root; a second photo from the camera joins the first where many are allowed. */
export const enhance = root => {
  for (const input of root.querySelectorAll('[data-files] input[type=file]')) {
    if (chosen.has(input)) continue
    chosen.set(input, [])
    if (kept.get(input.id)?.length) hold(input, kept.get(input.id))
    input.addEventListener('change', () => {
      const before = input.multiple ? chosen.get(input) : []
      hold(input, [...before, ...[...input.files].filter(file => !before.some(same(file)))])
    })
  }
}
