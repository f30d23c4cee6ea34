import { z } from 'zod'
import { keySecretSchema } from '../../../core/config/upstream.ts'
import { upstreamTypes } from '../../../core/upstreams/registry.ts'
import type { Change } from '../../../db/index.ts'

/** What several resources of the admin API have in common. */

/** An id of ours: anything else is refused before it can be repeated in an error, since it may be a key. */
const id = (prefix: string, thing: string) =>
	z
		.string()
		.regex(new RegExp(`^${prefix}_[A-Za-z0-9]{1,40}$`), { error: `must be the id of ${thing} (${prefix}_…)` })

export const upstreamId = id('up', 'an upstream').meta({ example: 'up_k2Vd0mZq8sXw4TnB7cRyLf1J' })
export const keyId = id('key', 'a key').meta({ example: 'key_9aHs3QpV6wEo1DtK5uGzXb7M' })

export const upstreamParams = z.object({ id: upstreamId })
export const keyParams = z.object({ id: keyId })

/** Most keys that are taken at once. */
const maxKeys = 1000

export const keyList = z
	.array(keySecretSchema)
	.min(1)
	.max(maxKeys)
	.meta({ description: 'Written only: no answer ever holds them.', example: ['sk-…', 'sk-…'] })

export const idList = <Id extends z.ZodType>(one: Id) => z.array(one).max(10_000)

export const upstreamType = z
	.string()
	.trim()
	.toLowerCase()
	.refine(type => upstreamTypes.includes(type), { error: `must be one of ${upstreamTypes.join(', ')}` })
	.meta({ enum: [...upstreamTypes], example: 'claude' })

/** Every change answers the revision that it made, or the present one when there was nothing to change. */
export const revision = z.int().min(0).meta({ description: 'Also the etag.', example: 42 })

export const changedSchema = z.object({ revision }).meta({ id: 'Changed' })

export const epochMs = z.int().meta({ description: 'Epoch ms by the database’s clock.' })

/** The same in a query. */
export const epochMsParam = z.coerce
	.number()
	.int()
	.min(0)
	.max(253_402_300_799_000)
	.meta({ description: 'Epoch ms.' })

/** In a query. */
export const flagParam = z.enum(['true', 'false']).transform(text => text === 'true')

/** A name or an id in a query or a path. */
export const nameParam = z.string().min(1).max(200)

export const shownKey = z.object({ id: z.string(), mask: z.string().meta({ example: 'sk-ant-…9f2a' }) })

export const changeSchema = z
	.custom<Change>(value => typeof value === 'object' && value !== null)
	.meta({
		id: 'Change',
		type: 'object',
		description: 'What was changed, by `kind`. Holds ids, names and masks; never a key.',
		example: {
			...{ kind: 'upstream-changed', upstreamId: 'up_k2Vd0mZq8sXw4TnB7cRyLf1J', name: 'kimi' },
			fields: { timeoutMs: { from: 0, to: 60_000 } },
		},
	})
