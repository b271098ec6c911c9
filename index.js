/** What the package offers to code that requires it; n8n itself loads the files named in package.json. */
module.exports = {
	LemlistWebhookApi: require('./dist/credentials/LemlistWebhookApi.credentials.js')
		.LemlistWebhookApi,
	LemlistTrigger: require('./dist/nodes/LemlistTrigger/LemlistTrigger.node.js').LemlistTrigger,
};
