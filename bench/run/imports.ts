import { join } from 'node:path'
import { generateEncryptionKey } from '../../db/index.ts'
import { bundleFunction } from '../../scripts/lib/bundle.ts'
import { builtFunction, projectRoot } from '../../scripts/lib/layout.ts'
import { startChild } from '../children.ts'
import { type Spread, summarize } from '../measure.ts'
import { accessKey } from '../targets/ours.ts'

const instance = join(projectRoot, 'test/support/function-instance/main.ts')

/** CPU of importing the serverless function's bundle in a new process, ms: it tells itself. */
export async function runImports(folder: string, rounds: number): Promise<Spread | undefined> {
	await bundleFunction(projectRoot)
	const env = {
		NODE_ENV: 'production',
		TURSO_DATABASE_URL: `file:${join(folder, 'import.db')}`,
		PROXY_ACCESS_KEY: accessKey,
		ENCRYPTION_KEY: generateEncryptionKey(),
	}
	const imports: number[] = []
	for (let round = 0; round < rounds; round++) {
		const child = await startChild({ args: [instance, builtFunction(projectRoot)], env })
		imports.push(Number(/import (\d+) ms/.exec(child.readOutput())?.[1]))
		await child.stop()
	}
	return summarize(imports)
}
