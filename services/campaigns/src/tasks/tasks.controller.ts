import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import {
  decodeCursor,
  IdParam,
  Mutations,
  notFound,
  page,
  PageQuery,
  Scope,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { Database } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { isDueCursor } from '../touches/due-cursor.js';
import { CompleteTask } from './complete-task.use-case.js';
import { TaskOutcomeBody } from './task-outcome.dto.js';
import { taskStore, type ListedTask } from './task.store.js';
import { taskStates, type TaskKind, type TaskState } from './task.js';

class TasksQuery extends PageQuery {
  @ApiPropertyOptional({ enum: taskStates, default: 'open' })
  @IsOptional()
  @IsIn(taskStates)
  state?: TaskState;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  customerId?: string;
}

class TaskResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  customerId: string;
  @ApiProperty({ type: String, nullable: true })
  customerName: string | null;
  @ApiProperty({ type: String, nullable: true })
  phone: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  touchId: string | null;
  @ApiProperty()
  kind: TaskKind;
  @ApiProperty({ description: 'What to say.' })
  script: string;
  @ApiProperty({ format: 'date-time' })
  dueAt: string;
  @ApiProperty({ enum: taskStates })
  state: TaskState;
  @ApiProperty({ type: 'integer' })
  attempt: number;
  @ApiProperty({ type: String, nullable: true })
  outcome: string | null;
  @ApiProperty({ type: String, nullable: true })
  note: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  doneAt: string | null;
}

@ApiTags('tasks')
@Controller('v1/tasks')
@Scope('tasks:write')
export class TasksController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    private readonly completeTask: CompleteTask,
  ) {}

  /** What people have to do, soonest first, with whom to reach and what to say. */
  @Get()
  @ApiOperation({ summary: 'List tasks' })
  async list(@Query() query: TasksQuery): Promise<Page<AnswerOf<TaskResponse>>> {
    const after = query.after === undefined ? undefined : decodeCursor(query.after, isDueCursor);
    const rows = await taskStore(this.database).list({
      state: query.state ?? 'open',
      limit: query.limit + 1,
      ...(query.customerId === undefined ? {} : { customerId: query.customerId }),
      ...(after ? { after: { dueAt: after[0], id: after[1] } } : {}),
    });
    return page(rows.map(toTaskResponse), query.limit, ({ dueAt, id }) => [dueAt, id]);
  }

  /** Records what came of a call or visit. A task that is already done answers with its first outcome. */
  @Post(':id/outcome')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record the outcome of a task' })
  @ApiOkResponse({ type: TaskResponse })
  async outcome(
    @IdParam() id: string,
    @Body() body: TaskOutcomeBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<TaskResponse>> {
    return this.mutations.run(request, async (tx) => {
      const done = await this.completeTask.run(tx, id, body);
      if (!done) throw notFound('task');
      return { status: 200, body: toTaskResponse(done) };
    });
  }
}

function toTaskResponse(task: ListedTask): AnswerOf<TaskResponse> {
  return {
    id: task.id,
    customerId: task.customerId,
    customerName: task.name,
    phone: task.phone,
    touchId: task.touchId,
    kind: task.kind,
    script: task.script,
    dueAt: task.dueAt.toISOString(),
    state: task.state,
    attempt: task.attempt,
    outcome: task.outcome,
    note: task.note,
    doneAt: task.doneAt?.toISOString() ?? null,
  };
}
