import type { Context } from 'hono'
import type { Changed, ChangeMeta, ConfigRepository } from '../../../db/index.ts'
import type { AppServices } from '../services.ts'
import { changeMeta } from './changes.ts'
import type { AdminEnv } from './router.ts'

/** Makes a change of the configuration, and has this instance use it for the very next request. */
export async function makeChange<Result extends Changed>(
	services: AppServices,
	context: Context<AdminEnv>,
	change: (repository: ConfigRepository, meta: ChangeMeta) => Promise<Result>,
): Promise<Result> {
	const result = await change(services.repository, changeMeta(context))
	await useNow(services)
	return result
}

/** The change is made, whatever comes of this: other instances see it within a second, and so would this one. */
export async function useNow({ config }: AppServices): Promise<void> {
	await config.refresh().catch(() => {})
}
