// Hashes files that somebody drops or chooses, here in the browser, and says whether we issued them. Nothing is sent.
const box = document.querySelector('[data-verify]')
const known = new Map([...document.querySelectorAll('[data-hash]')].map(item => [item.dataset.hash, item]))
const list = box.querySelector('.upload-list')
const control = box.querySelector('.upload-control')
const input = box.querySelector('input')

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('')

const verdict = async file => {
  try {
    const hash = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    const match = known.get(hash)
    return match
      ? { says: 'match', tone: match.dataset.tone, text: `${box.dataset.genuine} ${match.textContent}`, hash }
      : { says: 'unknown', tone: 'bad', text: box.dataset.unknown, hash }
  } catch {
    return { says: 'unreadable', tone: 'bad', text: box.dataset.unreadable, hash: '' }
  }
}

const row = (file, { says, tone, text, hash }) => {
  const made = box.querySelector(`template[data-tone=${tone}]`).content.cloneNode(true)
  const [title, detail] = made.querySelectorAll('p')
  title.textContent = text
  detail.textContent = `${file.name} ${hash}`
  made.firstElementChild.dataset.verdict = says
  return made
}

const check = async files =>
  list.replaceChildren(...await Promise.all([...files].map(async file => row(file, await verdict(file)))))

// Browsers compute hashes only on pages that came over https or from this very machine.
if (globalThis.crypto?.subtle) {
  input.addEventListener('change', () => check(input.files))
  control.addEventListener('dragover', event => event.preventDefault())
  control.addEventListener('drop', event => {
    event.preventDefault()
    check(event.dataTransfer.files)
  })
} else {
  control.textContent = box.dataset.unable
}
