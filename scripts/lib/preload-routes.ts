import type { Plugin, Rolldown } from 'vite'

/** Beside index.html: for every page there is the same one, which cannot name the files of each. */
const fileName = 'preload.js'

interface Route {
	/** Of the page's path. */
	pattern: string
	/** Places in the list of files. */
	files: number[]
}

interface Lists {
	files: string[]
	routes: Route[]
	/** The dictionary of each language. */
	locales: Record<string, number[]>
}

/**
 * Writes a script that lets the browser fetch all files of the page that was asked for at once, and the dictionary with
 * them. Without it each file is asked for when the one before it has run: four trips, and as many waits for the processor.
 */
export function preloadRoutes(): Plugin {
	return {
		name: 'preload-routes',
		applyToEnvironment: environment => environment.name === 'client',
		configureServer(server) {
			server.middlewares.use(`/${fileName}`, (_request, response) => {
				response.setHeader('content-type', 'text/javascript')
				response.end()
			})
		},
		generateBundle(_options, bundle) {
			const lists = listFiles(bundle, id => this.getModuleInfo(id)?.importedIds ?? [])
			this.emitFile({
				type: 'asset',
				fileName,
				source: `(${preload.toString()})(${JSON.stringify(lists)})\n`,
			})
		},
	}
}

type Chunk = Rolldown.OutputChunk

function listFiles(bundle: Rolldown.OutputBundle, importsOf: (id: string) => readonly string[]): Lists {
	const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
	const nodes = findNodes(chunks, importsOf)
	const files: string[] = []
	/** All that a chunk needs, by place in the list. */
	const placesOf = (parts: readonly (Chunk | undefined)[]): number[] => {
		const needed = new Set<string>()
		for (const part of parts) if (part) addImports(part, chunks, needed)
		return [...needed].map(file => (files.includes(file) ? files.indexOf(file) : files.push(file) - 1))
	}
	const pages = [...nodes.keys()].filter(path => path.endsWith('+page.svelte'))
	const routes = pages.map(path => {
		const folders = path.split('/').slice(0, -1)
		const above = ['', ...folders.map((_, place) => `${folders.slice(0, place + 1).join('/')}/`)]
		const parts = [...above.map(folder => `${folder}+layout.svelte`), '+error.svelte', path]
		return { pattern: toPattern(folders), files: placesOf(parts.map(part => nodes.get(part))) }
	})
	const locales = Object.fromEntries(
		chunks.flatMap(chunk => {
			const locale = /\/messages\/([\w-]+)\/index\.ts$/.exec(chunk.facadeModuleId ?? '')?.[1]
			return locale === undefined ? [] : [[locale, placesOf([chunk])] as const]
		}),
	)
	return { files, routes, locales }
}

/** SvelteKit makes an entry of each page and layout, whose module imports the component: by the component's path. */
function findNodes(
	chunks: readonly Chunk[],
	importsOf: (id: string) => readonly string[],
): Map<string, Chunk> {
	const nodes = new Map<string, Chunk>()
	for (const chunk of chunks) {
		if (!/\/nodes\/\d+\.js$/.test(chunk.facadeModuleId ?? '')) continue
		for (const id of importsOf(chunk.facadeModuleId ?? '')) {
			const path = /src\/routes\/(.+\.svelte)$/.exec(id)?.[1]
			if (path !== undefined) nodes.set(path, chunk)
		}
	}
	return nodes
}

function addImports(chunk: Chunk, chunks: readonly Chunk[], found: Set<string>): void {
	if (found.has(chunk.fileName)) return
	found.add(chunk.fileName)
	for (const file of chunk.imports) {
		const imported = chunks.find(({ fileName }) => fileName === file)
		if (imported) addImports(imported, chunks, found)
	}
}

/** `(app)/upstreams/[id]` is `^/upstreams/[^/]+/?$`. */
function toPattern(folders: readonly string[]): string {
	const parts = folders.filter(folder => !folder.startsWith('('))
	return `^${parts.map(part => `/${part.startsWith('[') ? '[^/]+' : part}`).join('')}/?$`
}

/** Runs in the browser, as it is written here. Its choice of a language is that of src/lib/i18n/locale.ts. */
function preload({ files, routes, locales }: Lists): void {
	const route = routes.find(({ pattern }) => new RegExp(pattern).test(location.pathname))
	const wanted = [document.documentElement.dataset.locale ?? '', ...navigator.languages]
		.map(tag => tag.slice(0, 2).toLowerCase())
		.find(language => language === 'zh' || language === 'en')
	const places = [...(route?.files ?? []), ...(locales[wanted === 'zh' ? 'zh-cn' : 'en'] ?? [])]
	for (const place of places) {
		const link = document.createElement('link')
		link.rel = 'modulepreload'
		link.href = `/${files[place]}`
		document.head.append(link)
	}
}
