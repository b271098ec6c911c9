// Loaded into n8n before n8n itself: ends it when the process that started it is gone, however that
// one ended. Its end of the pipe closes then. Without imports, so that Node.js runs it as it is.

const { isMainThread } = process.getBuiltinModule('node:worker_threads');

// n8n's worker threads load this too, and end when they like.
if (isMainThread) {
	process.stdin.on('close', () => {
		process.kill(-process.pid, 'SIGKILL');
	});
	process.stdin.resume();
	// The pipe alone is no reason to stay.
	process.stdin.unref();
}
