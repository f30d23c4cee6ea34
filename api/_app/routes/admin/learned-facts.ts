import { Hono } from 'hono'
import { describeFact } from '../../../../core/config/learned-facts.ts'
import { ProxyError } from '../../../../core/proxy/errors.ts'
import type { AppServices } from '../../services.ts'

/**
 * What the proxy has learned of an upstream's models, and how to make it forget:
 * `GET|DELETE /api/upstreams/:id/learned-facts`, the latter for one `?model=` or for all.
 */
export function createLearnedFactsRoutes({ repository }: AppServices): Hono {
	const routes = new Hono()

	const findUpstream = async (id: string): Promise<string> => {
		const { upstreams } = await repository.read()
		if (!upstreams.some(upstream => upstream.id === id))
			throw new ProxyError(404, 'id: there is no such upstream')
		return id
	}

	routes.get('/upstreams/:id/learned-facts', async context => {
		const facts = await repository.listFacts(await findUpstream(context.req.param('id')))
		return context.json({
			facts: facts.map(stored => ({ ...stored, detail: describeFact(stored.fact).detail })),
		})
	})

	routes.delete('/upstreams/:id/learned-facts', async context => {
		const id = await findUpstream(context.req.param('id'))
		const forgotten = await repository.forgetFacts(id, context.req.query('model'))
		return context.json({ forgotten })
	})
	return routes
}
