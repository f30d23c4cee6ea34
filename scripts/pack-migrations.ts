import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Packs db/migrations/*.sql into db/migrations/index.ts, so that nothing is read from disk at run time: a bundle or a
 * serverless function carries its migrations with it. Run by `npm run db:generate`.
 */
const folder = fileURLToPath(new URL('../db/migrations/', import.meta.url))

export function packMigrations(): string {
	const files = readdirSync(folder)
		.filter(file => /^\d{4}_\w+\.sql$/.test(file))
		.sort()
	const entries = files.map(file => {
		const statements = readFileSync(`${folder}${file}`, 'utf8')
			.split('--> statement-breakpoint')
			.map(statement => statement.trim())
			.filter(statement => statement !== '')
		// Numbered from 1, so that 0 can mean an empty database.
		return { version: Number(file.slice(0, 4)) + 1, name: file.slice(5, -4), statements }
	})
	return `// Packed from the .sql files of this folder by scripts/pack-migrations.ts: edit the schema, then run npm run db:generate.
export interface Migration {
	version: number
	name: string
	statements: readonly string[]
}

export const migrations: readonly Migration[] = ${JSON.stringify(entries, null, '\t')}
`
}

if (import.meta.main) writeFileSync(`${folder}index.ts`, packMigrations())
