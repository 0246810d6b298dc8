// The product's script. Every page works without it: it saves a reload, finds a council while somebody types, and
// shows what is similar. Nothing here writes style attributes or evaluates text: the pages' policy forbids both.
import {
  Button, Checkboxes, createAll, ErrorSummary, isSupported, NotificationBanner, Radios, ServiceNavigation, SkipLink
} from 'govuk-frontend'
import { SortableTable } from '@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs'

import { startFilters } from './script/filters.js'
import { startLive } from './script/live.js'
import { startPasskeys } from './script/passkey.js'
import { startSimilar } from './script/similar.js'
import { startSuggest } from './script/suggest.js'

/** Radios without aria-expanded, which ARIA does not allow on a radio button. */
class QuietRadios extends Radios {
  syncConditionalRevealWithInputState($input) {
    super.syncConditionalRevealWithInputState($input)
    $input.removeAttribute('aria-expanded')
  }
}

/** Starts the components inside an element: the whole page, or a part that has been replaced. */
function start(scope) {
  for (const Component of [Button, Checkboxes, ErrorSummary, NotificationBanner, QuietRadios, ServiceNavigation, SkipLink, SortableTable]) {
    createAll(Component, undefined, scope)
  }
  startFilters(scope)
  const pickers = scope.querySelectorAll('select[data-autocomplete]')
  if (pickers.length > 0) {
    import('./script/picker.js').then(({ startPicker }) => pickers.forEach(startPicker))
  }
}

if (isSupported()) {
  start(document)
  startLive(start)
  startPasskeys()
  startSimilar()
  startSuggest()
}
