import type { Preset } from './preset.ts'
import { isBelowDomain, presets } from './presets.ts'

const patterns = presets.flatMap(preset =>
	preset.keyPattern === undefined ? [] : [{ preset, pattern: new RegExp(`^(?:${preset.keyPattern})$`) }],
)

/** Longer than any vendor's keys but tokens: those have no look of their own. */
const maxJudgedLength = 512

/** The preset whose keys look like this; undefined for keys that could be anyone's. */
export function looksLike(secret: string): Preset | undefined {
	const key = secret.trim()
	if (key.length > maxJudgedLength) return undefined
	return patterns.find(({ pattern }) => pattern.test(key))?.preset
}

export interface KeyHostJudgement {
	/** Whose key it looks like. */
	preset: Preset | undefined
	/**
	 * `own`: it goes to whom it belongs. `local`: to this computer. `foreign`: to someone else. `unknown`: it could be
	 * anyone's.
	 */
	verdict: 'own' | 'local' | 'foreign' | 'unknown'
	/** A foreign host gets an account's own key: to be confirmed. Keys of aggregators are only told of. */
	mustConfirm: boolean
}

/** Whether a key belongs to the host it would be sent to. */
export function judgeKeyHost(secret: string, baseUrl: string): KeyHostJudgement {
	const preset = looksLike(secret)
	if (!preset) return { preset, verdict: 'unknown', mustConfirm: false }
	const host = URL.parse(baseUrl.trim())?.hostname.toLowerCase() ?? ''
	if (isBelowDomain(host, preset.domains)) return { preset, verdict: 'own', mustConfirm: false }
	if (isLocal(host)) return { preset, verdict: 'local', mustConfirm: false }
	return { preset, verdict: 'foreign', mustConfirm: preset.group !== 'aggregator' }
}

function isLocal(host: string): boolean {
	const names = ['localhost', 'host.docker.internal', '[::1]', '0.0.0.0']
	return names.includes(host) || host.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(host)
}
