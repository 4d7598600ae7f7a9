export * from './channel.js';
export * from './channel-catalog.js';
export * from './channels.module.js';
