import { maskKey } from '../../../../core/keys/mask.ts'
import { judgeKeyHost } from '../../../../core/presets/key-guard.ts'

export interface ForeignKeys {
	vendor: string
	host: string
	/** Of the first few. */
	masks: string[]
}

const shownAtMost = 3

/** Keys that belong to one service and would be sent to another: to be confirmed. Undefined when there are none. */
export function findForeignKeys(keys: readonly string[], baseUrl: string): ForeignKeys | undefined {
	const found = keys.flatMap(key => {
		const { mustConfirm, preset } = judgeKeyHost(key, baseUrl)
		return mustConfirm && preset ? [{ mask: maskKey(key), vendor: preset.name }] : []
	})
	const [first] = found
	if (first === undefined) return undefined
	const masks = found.slice(0, shownAtMost).map(({ mask }) => mask)
	return { vendor: first.vendor, host: URL.parse(baseUrl)?.host ?? baseUrl, masks }
}
