import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { type Child, startChild } from '../children.ts'

export type Floor = 'pipe' | 'convert'

/** Bundles a floor to plain JavaScript: stripping types at start would count against it. Returns the file. */
export async function bundleFloor(floor: Floor, folder: string): Promise<string> {
	const build = await rolldown({ input: join(import.meta.dirname, `floors/${floor}.ts`), platform: 'node' })
	const file = join(folder, `${floor}.mjs`)
	await build.write({ file, format: 'esm' })
	await build.close()
	return file
}

export function startFloor(file: string, upstreamUrl: string): Promise<Child> {
	return startChild({ args: [file, upstreamUrl], env: { NODE_ENV: 'production' } })
}
