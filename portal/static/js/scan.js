// The camera as a scanner: what it reads goes into the text field of the button's box, and its form is sent. Where the
// browser gives no camera (it wants https), a photo does. Loaded, with the reader and its 0.9 MB, when first asked for.
import { open } from './menus.js'

const dialog = document.getElementById('scan')
const video = dialog.querySelector('video')
const words = dialog.querySelector('[role=status]')
const vendor = name => new URL(`../vendor/${name}`, import.meta.url).href
const wanted = { formats: ['DataMatrix', 'QRCode', 'Code128', 'EAN13', 'ITF', 'DataBar'], textMode: 'Plain', tryHarder: true, maxNumberOfSymbols: 1 }
const separator = /\x1d/g // no field shows it; the server takes | for it

let box, stream, loading

const reader = () => loading ??= new Promise((done, failed) => {
  const script = Object.assign(document.createElement('script'), { src: vendor('zxing_reader.js') })
  script.onload = () => {
    window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: vendor } })
    done(window.ZXingWASM)
  }
  script.onerror = failed
  document.head.append(script)
}).catch(error => { loading = undefined; throw error })

const say = key => { words.textContent = dialog.dataset[key] }

const read = async picture => {
  const [hit] = await (await reader()).readBarcodes(picture, wanted)
  return hit?.text
}

const take = text => {
  dialog.close()
  const input = box.querySelector('input:is([type=text], [type=search])')
  input.value = text.replace(separator, '|')
  input.form.requestSubmit(box.querySelector('button:not([type=button])'))
}

const frame = canvas => {
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  pen.drawImage(video, 0, 0)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

const watch = async () => {
  const canvas = document.createElement('canvas'), mine = stream
  while (dialog.open && stream === mine) {
    const text = video.videoWidth && await read(frame(canvas))
    if (text && dialog.open) return take(text)
    await new Promise(next => setTimeout(next, 120))
  }
}

const stop = () => {
  stream?.getTracks().forEach(track => track.stop())
  stream = undefined
  video.hidden = true
}

const start = async () => {
  say('aim')
  try {
    const given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
    if (!dialog.open) return given.getTracks().forEach(track => track.stop())
    stream = video.srcObject = given
    video.hidden = false
    await video.play()
  } catch {
    return say('denied')
  }
  await watch().catch(() => say('failed'))
}

dialog.addEventListener('close', stop)
dialog.querySelector('input').addEventListener('change', async ({ target }) => {
  const [photo] = target.files
  target.value = ''
  if (!photo) return
  try {
    const text = await read(photo)
    text ? take(text) : say('nothing')
  } catch {
    say('failed')
  }
})

/** Open the camera for the box around a button. */
export const scan = button => {
  box = button.closest('[data-scan-box]')
  open(dialog)
  start()
}
