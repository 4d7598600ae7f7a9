import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Template } from './template.js';

/** One version of a template; rows are added and never changed, since touches name the words they used. */
@Entity({ name: 'template_versions' })
@Check('template_versions_version_positive', 'version > 0')
export class TemplateVersion {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'template_versions_pk' })
  key: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'template_versions_pk' })
  version: number;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'jsonb' })
  contents: Template['contents'];

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
