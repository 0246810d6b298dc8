// Live forms: <form method="get" action="/search" data-live data-replace="results facets">. When a box in it changes,
// the page that the form would lead to is fetched, the elements with those ids are exchanged, and the address changes
// with them, so that it can be shared and the back button works. [data-live-status] in the new part is read out.

/** Listens for changes in live forms; start is called with each part that has been replaced. */
export function startLive(start) {
  const status = document.createElement('div')
  status.setAttribute('role', 'status')
  status.className = 'govuk-visually-hidden'
  document.body.append(status)

  let pending
  let shown = address(location)

  async function show(url, ids) {
    pending?.abort()
    pending = new AbortController()
    const parts = ids.map((id) => document.getElementById(id)).filter(Boolean)
    parts.forEach((part) => part.setAttribute('aria-busy', 'true'))
    const response = await fetch(url, { signal: pending.signal, headers: { Accept: 'text/html' } })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    for (const part of parts) {
      const fresh = page.getElementById(part.id)
      if (!fresh) throw new Error(`no element ${part.id} in the answer`)
      exchange(part, fresh)
      start(fresh)
    }
    document.title = page.title
    status.textContent = document.querySelector('[data-live-status]')?.textContent ?? ''
  }

  document.addEventListener('change', async (event) => {
    const form = event.target.form
    if (!form?.matches('form[data-live]')) return
    const url = new URL(form.action)
    url.search = query(new FormData(form))
    const ids = form.dataset.replace.split(' ')
    try {
      await show(url, ids)
      history.pushState({ ids }, '', url)
      shown = address(url)
    } catch (error) {
      if (error.name !== 'AbortError') form.submit()
    }
  })

  addEventListener('popstate', async () => {
    if (address(location) === shown) return // only the part after # has changed
    shown = address(location)
    const form = document.querySelector('form[data-live]')
    try {
      if (!form) throw new Error('nothing to replace')
      await show(location.href, form.dataset.replace.split(' '))
    } catch (error) {
      if (error.name !== 'AbortError') location.reload()
    }
  })
}

/** Is the address without what follows #. */
function address({ pathname, search }) {
  return pathname + search
}

/** Leaves empty fields out, so that addresses stay short. */
function query(data) {
  const params = new URLSearchParams()
  for (const [name, value] of data) {
    if (typeof value === 'string' && value !== '') params.append(name, value)
  }
  return params.toString()
}

/** Puts fresh in the place of old; what was open stays open, and the focus stays where it was. */
function exchange(old, fresh) {
  const focus = old.contains(document.activeElement) ? document.activeElement.id : ''
  for (const details of old.querySelectorAll('details[id]')) {
    const same = fresh.querySelector(`details#${CSS.escape(details.id)}`)
    if (same) same.open = details.open
  }
  if (old instanceof HTMLDetailsElement) fresh.open = old.open
  old.replaceWith(fresh)
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true })
}
