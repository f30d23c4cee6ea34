import type { AppServices } from '../services.ts'
import { createCountTokensRoute } from './count-tokens.ts'
import { createEntrance, type V1Route } from './entrance.ts'
import { createMessagesRoute } from './messages.ts'
import { createModelsRoute } from './models.ts'

/** Clients append `/v1/messages` to what they are given, with and without a `/v1` of its own. */
const v1Path = /^\/(?:v1\/){0,2}(?:(messages)|(messages\/count_tokens)|models(?:\/(.+))?)$/

/** The routes of the Messages API, by path; undefined for every other path. */
export type FindV1Route = (path: string) => V1Route | undefined

export const isV1Path = (path: string): boolean => v1Path.test(path)

export function createV1Routes(services: AppServices): FindV1Route {
	const entrance = createEntrance(services)
	const messages = createMessagesRoute(services, entrance)
	const countTokens = createCountTokensRoute(services, entrance)
	const models = createModelsRoute(services, entrance)
	return path => {
		const [matched, isMessages, isCount, modelId = ''] = v1Path.exec(path) ?? []
		if (matched === undefined) return undefined
		if (isMessages) return messages
		return isCount ? countTokens : models(modelId)
	}
}
