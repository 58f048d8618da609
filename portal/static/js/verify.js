// Hashes files that somebody drops or chooses, here in the browser, and says whether we issued them. Nothing is sent.
const box = document.querySelector('[data-verify]')
const known = new Map([...document.querySelectorAll('[data-hash]')].map(item => [item.dataset.hash, item]))
const list = box.querySelector('.upload-list')
const control = box.querySelector('.upload-control')
const input = box.querySelector('input')

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('')

const element = (tag, className, ...children) => {
  const made = Object.assign(document.createElement(tag), { className })
  made.append(...children)
  return made
}

const verdict = async file => {
  try {
    const hash = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    const match = known.get(hash)
    return match
      ? { tone: match.dataset.tone, text: `${box.dataset.genuine} ${match.textContent}`, hash }
      : { tone: 'bad', text: box.dataset.unknown, hash }
  } catch {
    return { tone: 'bad', text: box.dataset.unreadable, hash: '' }
  }
}

const check = async files => {
  const rows = await Promise.all([...files].map(async file => {
    const { tone, text, hash } = await verdict(file)
    const row = element('li', `status-line ${tone}`)
    row.append(element('div', '', element('p', 'status-text', text), element('p', 'status-detail', `${file.name} · ${hash}`)))
    return row
  }))
  list.replaceChildren(...rows)
}

// Browsers compute hashes only on pages that came over https or from this very machine.
if (globalThis.crypto?.subtle) {
  input.addEventListener('change', () => check(input.files))
  control.addEventListener('dragover', event => event.preventDefault())
  control.addEventListener('drop', event => {
    event.preventDefault()
    check(event.dataTransfer.files)
  })
} else {
  box.replaceChildren(element('p', 'hint', box.dataset.unable))
}
