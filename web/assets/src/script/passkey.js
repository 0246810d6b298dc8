// Passkeys: the button of a form asks the browser for one, and what it answers goes with the form. Where there is no
// script, or the browser knows no passkeys, the button stays hidden and the page says what to do instead.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const toText = (bytes) => bytes && btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/** The options of a ceremony, with bytes where the browser wants bytes. */
function readOptions(text) {
  const { publicKey } = JSON.parse(text)
  publicKey.challenge = toBytes(publicKey.challenge)
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id)
  for (const list of [publicKey.allowCredentials, publicKey.excludeCredentials]) {
    for (const credential of list ?? []) credential.id = toBytes(credential.id)
  }
  return { publicKey }
}

/** What a device answered, as text. */
function writeAnswer(credential) {
  const r = credential.response
  const response = { clientDataJSON: toText(r.clientDataJSON) }
  if (r.attestationObject) {
    response.attestationObject = toText(r.attestationObject)
    response.transports = r.getTransports?.() ?? []
  } else {
    response.authenticatorData = toText(r.authenticatorData)
    response.signature = toText(r.signature)
    if (r.userHandle) response.userHandle = toText(r.userHandle)
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() })
}

function startPasskey(form) {
  const button = form.querySelector('[data-passkey-start]')
  const fault = form.querySelector('[data-passkey-fault]')
  const ways = navigator.credentials
  form.querySelector('[data-passkey-off]').hidden = true
  button.hidden = false
  button.addEventListener('click', async () => {
    fault.hidden = true
    try {
      const options = readOptions(form.dataset.options)
      const credential = form.dataset.passkey === 'create' ? await ways.create(options) : await ways.get(options)
      form.querySelector('[data-passkey-answer]').value = writeAnswer(credential)
      form.submit()
    } catch (reason) {
      fault.textContent = reason.name === 'InvalidStateError' ? 'This device holds a passkey for Jointly already.' : 'No passkey came. Try again, or choose another way.'
      fault.hidden = false
      fault.focus()
    }
  })
}

export function startPasskeys() {
  if (!window.PublicKeyCredential) return
  document.querySelectorAll('form[data-passkey]').forEach(startPasskey)
}
