import { defineConfig } from 'drizzle-kit'

/** Used by `npm run db:generate` only: nothing connects through this. */
export default defineConfig({
	dialect: 'turso',
	schema: './db/schema/*.ts',
	out: './db/migrations',
})
