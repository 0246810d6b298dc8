// Search: names that begin as what is being typed, offered in the box's own list. Choosing one fills it in; nothing is
// sent until the visitor searches.

const pause = 150 // milliseconds without a key before the server is asked
const least = 2 // letters

/** Offers names in the search box. */
export function startSuggest() {
  const input = document.querySelector('.jy-search__input')
  if (!input) return
  const list = document.createElement('datalist')
  list.id = 'q-names'
  input.after(list)
  input.setAttribute('list', list.id)
  let timer = 0
  let request = null
  input.addEventListener('input', (event) => {
    clearTimeout(timer)
    if (event.inputType === 'insertReplacementText' || !event.inputType) return // a name was chosen
    timer = setTimeout(async () => {
      request?.abort()
      const typed = input.value.trim()
      if (typed.length < least) return list.replaceChildren()
      request = new AbortController()
      try {
        const answer = await fetch('/search/suggest?' + new URLSearchParams({ q: typed }), { signal: request.signal })
        if (!answer.ok) return
        const names = await answer.json()
        list.replaceChildren(...names.map((name) => Object.assign(document.createElement('option'), { value: name })))
      } catch (error) {
        if (error.name !== 'AbortError') list.replaceChildren() // the search itself still works
      }
    }, pause)
  })
}
