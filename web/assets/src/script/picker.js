// The council picker: a select with data-autocomplete becomes a field that finds its options by any of their words.
// The select stays in the form and holds the answer. Loaded only by pages that have one.
import accessibleAutocomplete from 'accessible-autocomplete'

export function startPicker(select) {
  const options = [...select.options].filter((option) => option.value)
  const texts = options.map((option) => option.text)
  const hints = (select.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent.trim())
    .filter(Boolean)
  const id = select.id

  accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: select.value ? select.selectedOptions[0].text : '',
    autoselect: false,
    confirmOnBlur: false,
    minLength: 2,
    inputClasses: select.classList.contains('govuk-select--error') ? 'govuk-input--error' : null,
    source: (query, show) => show(find(texts, query)),
    onConfirm: (text) => choose(text ?? document.getElementById(id).value),
    // the field has no room for the hint and the error of the select, so they are read out before its own hint
    tAssistiveHint: () => [...hints, 'When results appear, use the up and down arrows to look through them and enter to choose.'].join(' ')
  })

  function choose(text) {
    const wanted = text.trim().toLowerCase()
    select.value = options.find((option) => option.text.toLowerCase() === wanted)?.value ?? ''
  }

  // what was chosen goes when the text is changed to something else
  document.getElementById(id).addEventListener('input', (event) => choose(event.target.value))
}

/** Finds the texts in which each word typed starts a word; those that start with what was typed come first. */
function find(texts, query) {
  const words = query.toLowerCase().split(/[\s,]+/).filter(Boolean)
  const first = query.trim().toLowerCase()
  return texts
    .filter((text) => words.every((word) => (' ' + text.toLowerCase()).includes(' ' + word)))
    .sort((a, b) => b.toLowerCase().startsWith(first) - a.toLowerCase().startsWith(first))
    .slice(0, 20)
}
