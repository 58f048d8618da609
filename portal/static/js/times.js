// Relative times of today grow older while one looks; the exact time stays in the title.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'always' })
const day = 24 * 60 * 60

const say = seconds => {
  const size = Math.abs(seconds)
  if (size < 60) return null
  return size < 3600 ? format.format(Math.trunc(seconds / 60), 'minute') : format.format(Math.trunc(seconds / 3600), 'hour')
}

const refresh = () => {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000
    const text = Math.abs(seconds) < day && say(seconds)
    if (text && text !== time.textContent) time.textContent = text
  }
}

setInterval(() => document.visibilityState === 'visible' && refresh(), 30_000)
