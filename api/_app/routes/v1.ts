import type { AppServices } from '../services.ts'
import { createCountTokensRoute } from './count-tokens.ts'
import { createEntrance, type V1Route } from './entrance.ts'
import { createMessagesRoute } from './messages.ts'
import { createModelsRoute } from './models.ts'

/** Clients append `/v1/messages` to what they are given, with and without a `/v1` of its own. */
const v1Path = /^\/(?:v1\/){0,2}([^/].*)$/

/** The routes of the Messages API below /v1, and how each is asked. All need the access key. */
export const v1Routes = {
	messages: 'POST',
	'messages/count_tokens': 'POST',
	models: 'GET',
	'models/:id': 'GET',
} as const
type V1Name = keyof typeof v1Routes

/** The route of a path; undefined for every path that is none of /v1. */
export type FindV1Route = (path: string) => V1Route | undefined

export const isV1Path = (path: string): boolean => readV1Path(path) !== undefined

function readV1Path(path: string): { name: V1Name; id: string } | undefined {
	const rest = v1Path.exec(path)?.[1]
	if (rest === undefined) return undefined
	if (rest.startsWith('models/') && rest !== 'models/') return { name: 'models/:id', id: rest.slice(7) }
	return Object.hasOwn(v1Routes, rest) ? { name: rest as V1Name, id: '' } : undefined
}

export function createV1Routes(services: AppServices): FindV1Route {
	const entrance = createEntrance(services)
	const messages = createMessagesRoute(services, entrance)
	const countTokens = createCountTokensRoute(services, entrance)
	const models = createModelsRoute(services, entrance)
	const routes: Record<V1Name, (id: string) => V1Route> = {
		messages: () => messages,
		'messages/count_tokens': () => countTokens,
		models: () => models(''),
		'models/:id': models,
	}
	return path => {
		const found = readV1Path(path)
		return found && routes[found.name](found.id)
	}
}
