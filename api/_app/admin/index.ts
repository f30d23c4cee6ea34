import type { AppServices } from '../services.ts'
import { showPath } from '../show-path.ts'
import { type Authentication, createAuthentication } from './authentication.ts'
import { createBodyLimit } from './body-limit.ts'
import { type ApiDocument, describeApi, registerSecuritySchemes } from './document.ts'
import { AdminError, adminErrorResponse } from './errors.ts'
import { createAdminCors, createAnswerHeaders, createGuard } from './guard.ts'
import { createAdminRouter } from './router.ts'
import { createCurrentRoutes } from './routes/current.ts'
import { createDatabaseRoutes } from './routes/database.ts'
import { createDocumentRoutes } from './routes/document.ts'
import { createKeyStateRoutes } from './routes/key-state.ts'
import { createKeyRoutes } from './routes/keys.ts'
import { createLearnedFactsRoutes } from './routes/learned-facts.ts'
import { createUpstreamModelsRoutes } from './routes/models.ts'
import { createOperationRoutes } from './routes/operations.ts'
import { createPayloadRoutes } from './routes/payloads.ts'
import { createPlaygroundRoutes } from './routes/playground.ts'
import { createPreviewRoutes } from './routes/preview.ts'
import { createPriceRoutes } from './routes/prices.ts'
import { createProbeRoutes } from './routes/probes.ts'
import { createRequestRoutes } from './routes/requests.ts'
import { createRevisionRoutes } from './routes/revisions.ts'
import { createSessionRoutes } from './routes/sessions.ts'
import { createSettingsRoutes } from './routes/settings.ts'
import { createSetupRoutes } from './routes/setup.ts'
import { createStatusRoutes } from './routes/status.ts'
import { createTransferRoutes } from './routes/transfer.ts'
import { createUpstreamRoutes } from './routes/upstreams.ts'
import { createUsageRoutes } from './routes/usage.ts'
import { createWebhookRoutes } from './routes/webhooks.ts'

/** The routes under /api, one line per resource. */
function createAdminApi(
	services: AppServices,
	authentication: Authentication,
	readDocument: () => ApiDocument,
) {
	return createAdminRouter()
		.route('/', createSessionRoutes(services, authentication))
		.route('/', createDocumentRoutes(readDocument))
		.route('/', createDatabaseRoutes(services))
		.route('/', createStatusRoutes(services))
		.route('/', createUpstreamRoutes(services))
		.route('/', createUsageRoutes(services))
		.route('/', createCurrentRoutes(services))
		.route('/', createKeyRoutes(services))
		.route('/', createKeyStateRoutes(services))
		.route('/', createLearnedFactsRoutes(services))
		.route('/', createUpstreamModelsRoutes(services))
		.route('/', createPayloadRoutes(services))
		.route('/', createPlaygroundRoutes(services))
		.route('/', createPreviewRoutes(services))
		.route('/', createPriceRoutes(services))
		.route('/', createProbeRoutes(services))
		.route('/', createRequestRoutes(services))
		.route('/', createRevisionRoutes(services))
		.route('/', createSettingsRoutes(services))
		.route('/', createSetupRoutes(services))
		.route('/', createTransferRoutes(services))
		.route('/', createWebhookRoutes(services))
}

/** For clients: `hc<AdminApi>('/api')` of hono/client knows every route, its input and its answers. */
export type AdminApi = ReturnType<typeof createAdminApi>

/**
 * The admin API. It is loaded at the first request that needs it, so that a cold start for /v1 does not pay for it.
 */
export function createAdminApp(services: AppServices) {
	const app = createAdminRouter()
	const authentication = createAuthentication(services)
	app.onError((error, context) =>
		adminErrorResponse(error, context.get('requestId'), fault =>
			services.logger.error({ id: context.get('requestId'), err: fault }, 'the admin API failed'),
		),
	)
	app.use(createAnswerHeaders(services))
	app.use(createAdminCors(services))
	app.notFound(({ req }) => {
		throw new AdminError(404, 'not-found', `there is nothing at ${req.method} ${showPath(req.path)}`)
	})
	app.use(createGuard(services, authentication))
	app.use(createBodyLimit())
	registerSecuritySchemes(app)
	const readDocument = () => describeApi(app, services.version)
	app.route('/api', createAdminApi(services, authentication, readDocument))
	app.route('/admin', createOperationRoutes(services))
	return app
}
