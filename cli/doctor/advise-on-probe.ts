import type { ProbeResult } from '../../core/proxy/probe-result.ts'
import { advise, type Finding, suggest } from './finding.ts'

/** What may help an upstream that did not answer a test as it should. */
export function adviseOnProbe(result: ProbeResult): Pick<Finding, 'fix'> {
	const { class: kind, upstreamName: name, message } = result
	if (message === 'the upstream has no key') return suggest('key', name, 'add', '<key>')
	if (kind === 'auth') return suggest('key', name, 'list')
	if (kind === 'quota') return advise('top the account up, or add another key')
	if (kind === 'client') return suggest('models', name)
	if (/certificate|TLS|self.signed/i.test(message)) {
		return advise('check the URL; for a server of your own: update <upstream> --insecureSkipVerify true')
	}
	if (kind === 'network') return advise('check its URL, the network, and HTTPS_PROXY')
	return {}
}
