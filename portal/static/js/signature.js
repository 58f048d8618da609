// The drawn signature becomes a PNG in a file field (a picture in a text field would be refused as too long) and its points.
import SignaturePad from '../vendor/signature_pad.min.js'

const pads = new WeakMap()
const ink = '#0b1a2a' // always dark on white, in both themes: it goes on paper

const fit = (canvas, pad) => {
  const ratio = Math.max(window.devicePixelRatio, 1)
  const points = pad.toData()
  canvas.width = canvas.offsetWidth * ratio
  canvas.height = canvas.offsetHeight * ratio
  canvas.getContext('2d').scale(ratio, ratio)
  pad.clear()
  pad.fromData(points)
}

const rounded = stroke => ({ ...stroke, points: stroke.points.map(({ x, y, time, pressure }) => ({ x: Math.round(x), y: Math.round(y), time, pressure })) })

const keep = (block, canvas, pad) =>
  canvas.toBlob(blob => {
    const transfer = new DataTransfer()
    if (!pad.isEmpty()) transfer.items.add(new File([blob], 'signature.png', { type: 'image/png' }))
    block.querySelector('[data-picture]').files = transfer.files
    block.querySelector('[data-points]').value = pad.isEmpty() ? '' : JSON.stringify(pad.toData().map(rounded))
  }, 'image/png')

// What was drawn before a refused form came back. It may be cut off or altered: then one signs again.
const drawAgain = (block, canvas, pad) => {
  const { value } = block.querySelector('[data-points]')
  if (!value) return
  try {
    pad.fromData(JSON.parse(value))
    keep(block, canvas, pad)
  } catch {
    pad.clear()
  }
}

/** Wire the signature blocks under a root. */
export const enhance = root => {
  for (const block of root.querySelectorAll('[data-signature]')) {
    if (pads.has(block)) continue
    const canvas = block.querySelector('canvas')
    const pad = new SignaturePad(canvas, { penColor: ink, minWidth: 0.8, maxWidth: 2.6 })
    pads.set(block, pad)
    pad.addEventListener('endStroke', () => {
      keep(block, canvas, pad)
      block.querySelector('[data-points]').dispatchEvent(new Event('input', { bubbles: true }))
    })
    block.querySelector('[data-clear]').addEventListener('click', () => { pad.clear(); keep(block, canvas, pad) })
    fit(canvas, pad)
    drawAgain(block, canvas, pad)
    new ResizeObserver(() => fit(canvas, pad)).observe(canvas)
  }
}
