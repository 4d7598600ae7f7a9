import { Module } from '@nestjs/common';
import { TemplatesController } from './templates.controller.js';

/** Templates behind the API; dispatch reads them through `templateStore` in its own transaction. */
@Module({ controllers: [TemplatesController] })
export class TemplatesModule {}
