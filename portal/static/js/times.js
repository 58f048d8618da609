// Relative times of today grow older while one looks, and what is left of a promise grows less; the exact time stays
// beside them. A promise that runs out meanwhile says so.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'always' })
const day = 24 * 60 * 60

const say = seconds => {
  const size = Math.abs(seconds)
  if (size < 60) return null
  return size < 3600 ? format.format(Math.trunc(seconds / 60), 'minute') : format.format(Math.trunc(seconds / 3600), 'hour')
}

const put = (words, values) => words.replace(/%\((\w+)\)s/g, (all, name) => values[name])

const length = (seconds, [both, hours, minutes, days]) => {
  const all = Math.max(Math.trunc(seconds / 60), 1)
  if (seconds >= 2 * day) return put(days, { n: Math.trunc(seconds / day), h: Math.trunc((seconds % day) / 3600) })
  const h = Math.trunc(all / 60), n = all % 60
  return h && n ? put(both, { h, n }) : h ? put(hours, { n: h }) : put(minutes, { n })
}

const ago = time => {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000
  return Math.abs(seconds) < day && say(seconds)
}

const left = time => {
  const { left, until, words } = time.dataset
  if (until && Date.now() >= Date.parse(until)) return null
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000 - left
  const said = words.split('|')
  if (seconds >= 0) return put(said[4], { time: length(seconds, said) })
  if (until) return null
  for (const toned of [time.closest('.badge'), time.closest('.clock')]) {
    toned?.classList.remove('accent', 'warn')
    toned?.classList.add('bad')
  }
  return put(said[5], { time: length(-seconds, said) })
}

const refresh = () => {
  for (const time of document.querySelectorAll('time[data-ago], time[data-left]')) {
    const text = 'left' in time.dataset ? left(time) : ago(time)
    if (text && text !== time.textContent) time.textContent = text
  }
}

setInterval(() => document.visibilityState === 'visible' && refresh(), 30_000)
