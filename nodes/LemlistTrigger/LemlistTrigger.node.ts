/**
 * The Lemlist Events Trigger: registers lemlist webhooks while its workflow is active, makes sure
 * that they stay, and starts the workflow for each genuine event.
 */
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { pass } from './deliveries/gate';
import { gateMemories } from './deliveries/gateMemory';
import { receive } from './deliveries/reception';
import { activeTriggerOf, callOf, clientOf, runOf, triggerOf } from './door/door';
import { checkExists, create, remove } from './hooks/lifecycle';
import { startCheck } from './hooks/schedule';
import { CREDENTIAL_TYPE } from './lemlist/client';
import { startLookBack } from './missed/lookBack';
import { checkExistsAndNote, createAndShow } from './missed/testEvent';
import { campaignRows } from './settings/campaigns';
import { PARAMETERS, SUBTITLE } from './settings/parameters';

/** What pressing the button shows by default, and otherwise. */
const WHILE_YOU_BUILD =
	'<b>While you build</b>, each press of the button shows the newest of your events that lemlist has. If it finds none, or with the option <b>Test With: Next Event</b>, n8n waits for one to happen.<br /><br />';
/** Events that a person can cause at once, without waiting for a lead to do something. */
const QUICK_EVENTS = 'Quickest to try: pick <b>Lead Paused</b>, and pause a lead.';

export class LemlistTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Lemlist Events Trigger',
		name: 'lemlistTrigger',
		icon: { light: 'file:../../icons/lemlist.svg', dark: 'file:../../icons/lemlist.dark.svg' },
		group: ['trigger'],
		// For each call of a webhook node of version 1, n8n evaluates an expression. That takes milliseconds; all that we do
		// takes microseconds. Version 1 is for workflows that were written by hand.
		version: [1, 2],
		defaultVersion: 2,
		subtitle: SUBTITLE,
		description:
			'Starts the workflow when something happens in lemlist, such as a reply or a bounce',
		eventTriggerDescription:
			'Waiting for lemlist: make a picked event happen there, such as pausing a lead',
		activationMessage:
			'From now on, your workflow starts by itself each time one of your events happens in lemlist. To see it work, make one happen there, then look under Executions. If they arrive every minute, give it two.',
		defaults: { name: 'Lemlist Events Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL_TYPE, required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
				ndvHideUrl: true,
			},
		],
		triggerPanel: {
			header: 'Pull in events from lemlist',
			executionsHelp: {
				inactive: `${WHILE_YOU_BUILD}<b>When the workflow is done</b>, publish (or activate) it. Then it starts by itself each time one of your events happens, and you find each run in the <a data-key="executions">executions list</a>.`,
				active: `${WHILE_YOU_BUILD}<b>The published workflow</b> also starts by itself each time one of your events happens. You find each run in the <a data-key="executions">executions list</a>.`,
			},
			activationHint: `Press the button to see the newest of your events that lemlist has. If it finds none, make one happen there: it shows up here within seconds. ${QUICK_EVENTS}`,
		},
		properties: PARAMETERS,
	};

	methods = {
		loadOptions: {
			async getCampaigns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await campaignRows(clientOf(this));
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const trigger = triggerOf(this);
				return await checkExistsAndNote(trigger, async () => await checkExists(trigger));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const trigger = triggerOf(this);
				await createAndShow(trigger, async () => {
					await create(trigger);
				});
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await remove(triggerOf(this));
				return true;
			},
		},
	};

	/** Starts the check of the hooks and the look back; n8n calls it beside checkExists and create, and at every start. Throws as startCheck. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const trigger = activeTriggerOf(this);
		gateMemories.of(trigger.key).isAtHome = true;
		return await Promise.resolve(startCheck(trigger, startLookBack));
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(callOf(this));
	}

	/** The gate: hands each activity on once. With it, n8n waits for a test event in a manual run. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await pass(runOf(this))];
	}
}
