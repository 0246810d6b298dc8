// Filters that fold on a phone and stand open beside the results on a wide screen. Style alone does it in a browser
// that knows ::details-content; the others are helped here.

const wide = matchMedia('(min-width: 48.0625em)')

export function startFilters(scope) {
  if (CSS.supports('selector(::details-content)')) return
  for (const filters of scope.querySelectorAll('details.jy-filters')) {
    filters.open = filters.open || wide.matches
  }
}
