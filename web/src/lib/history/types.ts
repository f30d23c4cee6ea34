import type { Change } from '../../../../core/config/change.ts'

export type { Change } from '../../../../core/config/change.ts'

/** Where changes come from. */
export const authors = ['web', 'cli', 'import', 'system'] as const

/** A revision as the admin API tells it. */
export interface Revision {
	revision: number
	at: number
	author: (typeof authors)[number]
	message: string
	pinned: boolean
	restoredFrom?: number
	changes: Change[]
}
