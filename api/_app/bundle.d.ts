/** What `npm run build` makes of index.ts; absent on a fresh clone, so its type is told here. */
declare module '*/dist/api/index.js' {
	const handler: { fetch(request: Request): Promise<Response> }
	export default handler
}
