// HEALTHCHECK of the container: whether requests would be answered. 404 is an answer too: the health check may be off.
const { PORT = '3000', HEALTH_CHECK_PATH = '/health' } = process.env
const answer = await fetch(`http://127.0.0.1:${PORT}${HEALTH_CHECK_PATH}`, {
	signal: AbortSignal.timeout(4000),
}).catch(error => error)
const healthy = answer instanceof Response && answer.status < 500
if (!healthy) console.error(answer instanceof Response ? await answer.text() : String(answer.cause ?? answer))
process.exitCode = healthy ? 0 : 1
