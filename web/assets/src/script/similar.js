// Similar records while somebody types: <textarea name="need" data-similar="/intentions/similar"
// data-similar-target="similar">. The fields of the same form that name the same address are sent together, and the
// answer, a piece of HTML, is put into the element with that id, which is a polite live region.

const pause = 400 // milliseconds without a key before asking
const least = 3 // characters worth asking about

export function startSimilar() {
  let timer
  let pending

  async function ask(field) {
    const target = document.getElementById(field.dataset.similarTarget)
    if (!target) return
    const params = new URLSearchParams()
    for (const other of field.form?.elements ?? [field]) {
      if (other.dataset.similar === field.dataset.similar && other.value.trim()) params.append(other.name, other.value.trim())
    }
    pending?.abort()
    if ([...params.values()].join(' ').length < least) {
      target.replaceChildren()
      return
    }
    pending = new AbortController()
    try {
      const response = await fetch(`${field.dataset.similar}?${params}`, { signal: pending.signal, headers: { Accept: 'text/html' } })
      if (!response.ok) return
      const fragment = new DOMParser().parseFromString(await response.text(), 'text/html')
      target.replaceChildren(...fragment.body.childNodes)
    } catch {
      // what is similar is a help, not a need: the form goes on without it
    }
  }

  document.addEventListener('input', (event) => {
    if (!event.target.matches('[data-similar]')) return
    clearTimeout(timer)
    timer = setTimeout(ask, pause, event.target)
  })
}
