import {
	createConfigRepository,
	createKeyRing,
	type Database,
	generateEncryptionKey,
} from '../../db/index.ts'
import { byCli, upstreamInput } from '../../db/test-support/samples.ts'
import { describeTargets, type Target } from '../../db/test-support/targets.ts'
import { useWorkers, type Worker } from './workers.ts'

/** Trips take a while, each another, and three of ten answers are lost after the work was done. */
const unsteady = { latencyMs: 2, jitterMs: 8, fault: 'dropAfter', faultRate: 0.3 } as const

const PROCESSES = 4

export interface Scene {
	/** The test's own connection. */
	database: Database
	repository: ReturnType<typeof createConfigRepository>
	encryptionKey: string
	upstreamId: string
	/** In order. */
	keyIds: string[]
	workers: Worker[]
	/** From here on answers get through: for looking at what was done. */
	calm(): Promise<void>
	/** And from here on as in the beginning. */
	storm(): Promise<void>
}

type SetUp = (options?: { keys?: number; encryptionKey?: string }) => Promise<Scene>

/** The same test on a file that four processes share, and on a server whose answers are slow and often lost. */
export function describeProcesses(name: string, body: (setUp: SetUp) => void): void {
	const processes = useWorkers(PROCESSES)
	describeTargets(`${PROCESSES} processes: ${name}`, target => {
		const isOurs = target.kind === 'remote' && target.ours
		const control = async (knobs: Parameters<Target['control']>[0]) => {
			if (isOurs) await target.control(knobs)
		}
		const calm = () => control({})
		const storm = () => control(unsteady)
		body(async ({ keys = 1, encryptionKey = generateEncryptionKey() } = {}) => {
			const database = await target.fresh()
			const repository = createConfigRepository(database, createKeyRing(encryptionKey))
			const secrets = Array.from({ length: keys }, (_, index) => `sk-0123456789abcdef-${1000 + index}`)
			const { id, added } = await repository.addUpstream(upstreamInput(), byCli, secrets)
			const workers = await processes.openAll({ ...target.options(), encryptionKey })
			await storm()
			const keyIds = added.map(key => key.id)
			return { database, repository, encryptionKey, upstreamId: id, keyIds, workers, calm, storm }
		})
	})
}
