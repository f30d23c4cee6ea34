import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, loadEnv } from 'vite'
import { nameAdminVersion } from '../scripts/lib/admin-version.ts'
import { projectRoot } from '../scripts/lib/layout.ts'
import { preloadRoutes } from '../scripts/lib/preload-routes.ts'

/** Written here, then moved to web/build as a whole by scripts/lib/ensure-admin.ts. */
const staging = '.svelte-kit/static'

/** Where the proxy listens while `npm run dev` runs; PORT as the proxy itself reads it. */
function proxyAddress(mode: string): string {
	const port = process.env.PORT ?? loadEnv(mode, projectRoot, 'PORT').PORT ?? '3000'
	return `http://127.0.0.1:${port}`
}

/** The server's origin when the admin is hosted apart from it; README.md tells how. */
function backendOrigins(mode: string): string[] {
	const url = process.env.VITE_BACKEND_URL ?? loadEnv(mode, import.meta.dirname).VITE_BACKEND_URL
	return url ? [new URL(url).origin] : []
}

/** What runs before the page's first script tells SvelteKit where it is: other modules read that as they begin. */
const beforeAll = {
	name: 'before-all',
	test: /runtime[\\/]client[\\/]payload\.js$|vite[\\/]preload-helper/,
	priority: 2,
}

/**
 * What five pages or more have in common is one file: a page would otherwise be made of seventy, each of them a request
 * and a wait. Fewer, and the home page would load what only others need.
 */
const sharedByMany = {
	name: 'shared',
	test: /[\\/](?:web[\\/]src[\\/]lib|node_modules)[\\/]/,
	minShareCount: 5,
	priority: 1,
}

export default defineConfig(({ mode }) => ({
	plugins: [
		tailwindcss(),
		preloadRoutes(),
		sveltekit({
			adapter: adapter({ pages: staging, assets: staging, fallback: 'index.html' }),
			version: { name: nameAdminVersion(projectRoot, process.env.VITE_BACKEND_URL) },
			csp: {
				mode: 'hash',
				directives: {
					'default-src': ['self'],
					'connect-src': ['self', ...(backendOrigins(mode) as `https://${string}.${string}`[])],
					'img-src': ['self', 'data:'],
					'style-src': ['self'],
					// SvelteKit hides its announcer for screen readers with a style attribute.
					'style-src-attr': ['unsafe-inline'],
					'object-src': ['none'],
					'base-uri': ['self'],
					'form-action': ['self'],
				},
			},
		}),
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						codeSplitting: {
							groups: [beforeAll, sharedByMany],
						},
					},
				},
			},
		},
	},
	server: {
		proxy: Object.fromEntries(
			['/health', '/v1', '/api', '/admin/'].map(path => [path, { target: proxyAddress(mode) }]),
		),
	},
}))
