export * from './channel.js';
export * from './channel-catalog.provider.js';
export * from './channels.module.js';
