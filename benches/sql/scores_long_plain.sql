-- name: peers/scores_long_plain
-- purpose: the bench `scores` on a long layout, a row per answer, as one would write it
-- input: answers
-- result: organisation_scores, as sql/score defines it
-- Written by `python benches/peers.py generate` from schemas/instrument/digital-maturity.toml; do not edit.

create or replace temp table organisation_scores as
with questions(question, factor, a, b, weight) as (
    values
        ('q01', 'sense-needs', -2, 2, 2),
        ('q02', 'sense-needs', -1, 1, 1),
        ('q03', 'sense-needs', -1, 1, 1),
        ('q04', 'sense-needs', 5, -1, 1),
        ('q05', 'sense-outlook', -1, 1, 1),
        ('q06', 'sense-outlook', -1, 1, 1),
        ('q07', 'sense-outlook', -1, 1, 1),
        ('q08', 'seize-priorities', -1, 1, 1),
        ('q09', 'seize-priorities', -1, 1, 1),
        ('q10', 'seize-priorities', 5, -1, 1),
        ('q11', 'seize-trials', -1, 1, 1),
        ('q12', 'seize-trials', -1, 1, 1),
        ('q13', 'seize-trials', -1, 1, 1),
        ('q14', 'transform-ways', -1, 1, 1),
        ('q15', 'transform-ways', -1, 1, 1),
        ('q16', 'transform-ways', -1, 1, 1),
        ('q17', 'transform-benefits', -1, 1, 1),
        ('q18', 'transform-benefits', -1, 1, 1),
        ('q19', 'transform-benefits', -1, 1, 1),
        ('q20', 'transform-benefits', 5, -1, 1),
        ('q21', 'infra-systems', 10, -2, 2),
        ('q22', 'infra-systems', -1, 1, 1),
        ('q23', 'infra-systems', 5, -1, 1),
        ('q24', 'infra-systems', -1, 1, 1),
        ('q25', 'infra-data', 5, -1, 1),
        ('q26', 'infra-data', -1, 1, 1),
        ('q27', 'infra-data', -1, 1, 1),
        ('q28', 'work-tools', -1, 1, 1),
        ('q29', 'work-tools', 5, -1, 1),
        ('q30', 'work-tools', 5, -1, 1),
        ('q31', 'work-support', -1, 1, 1),
        ('q32', 'work-support', -1, 1, 1),
        ('q33', 'work-support', 5, -1, 1),
        ('q34', 'gov-decisions', -2, 2, 2),
        ('q35', 'gov-decisions', -1, 1, 1),
        ('q36', 'gov-decisions', 5, -1, 1),
        ('q37', 'gov-decisions', 5, -1, 1),
        ('q38', 'gov-finance', 5, -1, 1),
        ('q39', 'gov-finance', -1, 1, 1),
        ('q40', 'gov-finance', 5, -1, 1)
),
factors as (
    select
        organisation,
        year,
        round,
        respondent,
        factor,
        sum(a + b * value)::double as total,
        sum(weight)::double as covered
    from answers
    join questions using (question)
    group by organisation, year, round, respondent, factor
),
factor_scores as (
    select
        organisation,
        year,
        round,
        any_value(25e0 * total / covered) filter (factor = 'sense-needs' and covered >= 2.5e0) as points_sense_needs,
        any_value(25e0 * total / covered) filter (factor = 'sense-outlook' and covered >= 1.5e0) as points_sense_outlook,
        any_value(25e0 * total / covered) filter (factor = 'seize-priorities' and covered >= 1.5e0) as points_seize_priorities,
        any_value(25e0 * total / covered) filter (factor = 'seize-trials' and covered >= 1.5e0) as points_seize_trials,
        any_value(25e0 * total / covered) filter (factor = 'transform-ways' and covered >= 1.5e0) as points_transform_ways,
        any_value(25e0 * total / covered) filter (factor = 'transform-benefits' and covered >= 2e0) as points_transform_benefits,
        any_value(25e0 * total / covered) filter (factor = 'infra-systems' and covered >= 2.5e0) as points_infra_systems,
        any_value(25e0 * total / covered) filter (factor = 'infra-data' and covered >= 1.5e0) as points_infra_data,
        any_value(25e0 * total / covered) filter (factor = 'work-tools' and covered >= 1.5e0) as points_work_tools,
        any_value(25e0 * total / covered) filter (factor = 'work-support' and covered >= 1.5e0) as points_work_support,
        any_value(25e0 * total / covered) filter (factor = 'gov-decisions' and covered >= 2.5e0) as points_gov_decisions,
        any_value(25e0 * total / covered) filter (factor = 'gov-finance' and covered >= 1.5e0) as points_gov_finance
    from factors
    group by organisation, year, round, respondent
),
category_scores as (
    select
        organisation,
        year,
        round,
        points_sense_needs,
        points_sense_outlook,
        points_seize_priorities,
        points_seize_trials,
        points_transform_ways,
        points_transform_benefits,
        points_infra_systems,
        points_infra_data,
        points_work_tools,
        points_work_support,
        points_gov_decisions,
        points_gov_finance,
        coalesce(
            (points_sense_needs + points_sense_outlook) / 2e0,
            (coalesce(points_sense_needs, 0e0) + coalesce(points_sense_outlook, 0e0))
            / case when (if(points_sense_needs is null, 0e0, 1e0) + if(points_sense_outlook is null, 0e0, 1e0)) >= 1e0 then (if(points_sense_needs is null, 0e0, 1e0) + if(points_sense_outlook is null, 0e0, 1e0)) end
        ) as points_sense,
        coalesce(
            (points_seize_priorities + points_seize_trials) / 2e0,
            (coalesce(points_seize_priorities, 0e0) + coalesce(points_seize_trials, 0e0))
            / case when (if(points_seize_priorities is null, 0e0, 1e0) + if(points_seize_trials is null, 0e0, 1e0)) >= 1e0 then (if(points_seize_priorities is null, 0e0, 1e0) + if(points_seize_trials is null, 0e0, 1e0)) end
        ) as points_seize,
        coalesce(
            (points_transform_ways + 2e0 * points_transform_benefits) / 3e0,
            (coalesce(points_transform_ways, 0e0) + 2e0 * coalesce(points_transform_benefits, 0e0))
            / case when (if(points_transform_ways is null, 0e0, 1e0) + if(points_transform_benefits is null, 0e0, 2e0)) >= 1.5e0 then (if(points_transform_ways is null, 0e0, 1e0) + if(points_transform_benefits is null, 0e0, 2e0)) end
        ) as points_transform,
        coalesce(
            (2e0 * points_infra_systems + points_infra_data) / 3e0,
            (2e0 * coalesce(points_infra_systems, 0e0) + coalesce(points_infra_data, 0e0))
            / case when (if(points_infra_systems is null, 0e0, 2e0) + if(points_infra_data is null, 0e0, 1e0)) >= 1.5e0 then (if(points_infra_systems is null, 0e0, 2e0) + if(points_infra_data is null, 0e0, 1e0)) end
        ) as points_infrastructure,
        coalesce(
            (points_work_tools + points_work_support) / 2e0,
            (coalesce(points_work_tools, 0e0) + coalesce(points_work_support, 0e0))
            / case when (if(points_work_tools is null, 0e0, 1e0) + if(points_work_support is null, 0e0, 1e0)) >= 1e0 then (if(points_work_tools is null, 0e0, 1e0) + if(points_work_support is null, 0e0, 1e0)) end
        ) as points_work_environment,
        coalesce(
            (points_gov_decisions + points_gov_finance) / 2e0,
            (coalesce(points_gov_decisions, 0e0) + coalesce(points_gov_finance, 0e0))
            / case when (if(points_gov_decisions is null, 0e0, 1e0) + if(points_gov_finance is null, 0e0, 1e0)) >= 1e0 then (if(points_gov_decisions is null, 0e0, 1e0) + if(points_gov_finance is null, 0e0, 1e0)) end
        ) as points_governance
    from factor_scores
),
dimension_scores as (
    select
        organisation,
        year,
        round,
        points_sense_needs,
        points_sense_outlook,
        points_seize_priorities,
        points_seize_trials,
        points_transform_ways,
        points_transform_benefits,
        points_infra_systems,
        points_infra_data,
        points_work_tools,
        points_work_support,
        points_gov_decisions,
        points_gov_finance,
        points_sense,
        points_seize,
        points_transform,
        points_infrastructure,
        points_work_environment,
        points_governance,
        coalesce(
            (points_sense + points_seize + points_transform) / 3e0,
            (coalesce(points_sense, 0e0) + coalesce(points_seize, 0e0) + coalesce(points_transform, 0e0))
            / case when (if(points_sense is null, 0e0, 1e0) + if(points_seize is null, 0e0, 1e0) + if(points_transform is null, 0e0, 1e0)) >= 1.5e0 then (if(points_sense is null, 0e0, 1e0) + if(points_seize is null, 0e0, 1e0) + if(points_transform is null, 0e0, 1e0)) end
        ) as points_capability,
        coalesce(
            (points_infrastructure + points_work_environment + points_governance) / 3e0,
            (coalesce(points_infrastructure, 0e0) + coalesce(points_work_environment, 0e0) + coalesce(points_governance, 0e0))
            / case when (if(points_infrastructure is null, 0e0, 1e0) + if(points_work_environment is null, 0e0, 1e0) + if(points_governance is null, 0e0, 1e0)) >= 1.5e0 then (if(points_infrastructure is null, 0e0, 1e0) + if(points_work_environment is null, 0e0, 1e0) + if(points_governance is null, 0e0, 1e0)) end
        ) as points_heritage
    from category_scores
),
index_scores as (
    select
        organisation,
        year,
        round,
        points_sense_needs,
        points_sense_outlook,
        points_seize_priorities,
        points_seize_trials,
        points_transform_ways,
        points_transform_benefits,
        points_infra_systems,
        points_infra_data,
        points_work_tools,
        points_work_support,
        points_gov_decisions,
        points_gov_finance,
        points_sense,
        points_seize,
        points_transform,
        points_infrastructure,
        points_work_environment,
        points_governance,
        points_capability,
        points_heritage,
        coalesce(
            (points_capability + points_heritage) / 2e0,
            (coalesce(points_capability, 0e0) + coalesce(points_heritage, 0e0))
            / case when (if(points_capability is null, 0e0, 1e0) + if(points_heritage is null, 0e0, 1e0)) >= 1e0 then (if(points_capability is null, 0e0, 1e0) + if(points_heritage is null, 0e0, 1e0)) end
        ) as points_index
    from dimension_scores
),
organisation_sums as (
    select
        organisation,
        year,
        round,
        count(*) as respondents,
        sum((points_index * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_index,
        count(points_index) as scored_index,
        sum((points_capability * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_capability,
        count(points_capability) as scored_capability,
        sum((points_sense * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_sense,
        count(points_sense) as scored_sense,
        sum((points_sense_needs * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_sense_needs,
        count(points_sense_needs) as scored_sense_needs,
        sum((points_sense_outlook * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_sense_outlook,
        count(points_sense_outlook) as scored_sense_outlook,
        sum((points_seize * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_seize,
        count(points_seize) as scored_seize,
        sum((points_seize_priorities * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_seize_priorities,
        count(points_seize_priorities) as scored_seize_priorities,
        sum((points_seize_trials * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_seize_trials,
        count(points_seize_trials) as scored_seize_trials,
        sum((points_transform * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_transform,
        count(points_transform) as scored_transform,
        sum((points_transform_ways * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_transform_ways,
        count(points_transform_ways) as scored_transform_ways,
        sum((points_transform_benefits * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_transform_benefits,
        count(points_transform_benefits) as scored_transform_benefits,
        sum((points_heritage * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_heritage,
        count(points_heritage) as scored_heritage,
        sum((points_infrastructure * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_infrastructure,
        count(points_infrastructure) as scored_infrastructure,
        sum((points_infra_systems * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_infra_systems,
        count(points_infra_systems) as scored_infra_systems,
        sum((points_infra_data * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_infra_data,
        count(points_infra_data) as scored_infra_data,
        sum((points_work_environment * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_work_environment,
        count(points_work_environment) as scored_work_environment,
        sum((points_work_tools * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_work_tools,
        count(points_work_tools) as scored_work_tools,
        sum((points_work_support * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_work_support,
        count(points_work_support) as scored_work_support,
        sum((points_governance * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_governance,
        count(points_governance) as scored_governance,
        sum((points_gov_decisions * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_gov_decisions,
        count(points_gov_decisions) as scored_gov_decisions,
        sum((points_gov_finance * 1e6 + 6755399441055744e0) - 6755399441055744e0) as sum_gov_finance,
        count(points_gov_finance) as scored_gov_finance
    from index_scores
    group by organisation, year, round
),
latest as (
    select *
    from organisation_sums
    qualify round = max(round) over (partition by organisation, year)
),
measures as (
    select organisation, year, respondents, unnest([
        {measure: 'index', sum: sum_index::bigint, scored: scored_index},
        {measure: 'capability', sum: sum_capability::bigint, scored: scored_capability},
        {measure: 'sense', sum: sum_sense::bigint, scored: scored_sense},
        {measure: 'sense-needs', sum: sum_sense_needs::bigint, scored: scored_sense_needs},
        {measure: 'sense-outlook', sum: sum_sense_outlook::bigint, scored: scored_sense_outlook},
        {measure: 'seize', sum: sum_seize::bigint, scored: scored_seize},
        {measure: 'seize-priorities', sum: sum_seize_priorities::bigint, scored: scored_seize_priorities},
        {measure: 'seize-trials', sum: sum_seize_trials::bigint, scored: scored_seize_trials},
        {measure: 'transform', sum: sum_transform::bigint, scored: scored_transform},
        {measure: 'transform-ways', sum: sum_transform_ways::bigint, scored: scored_transform_ways},
        {measure: 'transform-benefits', sum: sum_transform_benefits::bigint, scored: scored_transform_benefits},
        {measure: 'heritage', sum: sum_heritage::bigint, scored: scored_heritage},
        {measure: 'infrastructure', sum: sum_infrastructure::bigint, scored: scored_infrastructure},
        {measure: 'infra-systems', sum: sum_infra_systems::bigint, scored: scored_infra_systems},
        {measure: 'infra-data', sum: sum_infra_data::bigint, scored: scored_infra_data},
        {measure: 'work-environment', sum: sum_work_environment::bigint, scored: scored_work_environment},
        {measure: 'work-tools', sum: sum_work_tools::bigint, scored: scored_work_tools},
        {measure: 'work-support', sum: sum_work_support::bigint, scored: scored_work_support},
        {measure: 'governance', sum: sum_governance::bigint, scored: scored_governance},
        {measure: 'gov-decisions', sum: sum_gov_decisions::bigint, scored: scored_gov_decisions},
        {measure: 'gov-finance', sum: sum_gov_finance::bigint, scored: scored_gov_finance}
    ], recursive := true)
    from latest
    where least(
        scored_index,
        scored_capability,
        scored_sense,
        scored_sense_needs,
        scored_sense_outlook,
        scored_seize,
        scored_seize_priorities,
        scored_seize_trials,
        scored_transform,
        scored_transform_ways,
        scored_transform_benefits,
        scored_heritage,
        scored_infrastructure,
        scored_infra_systems,
        scored_infra_data,
        scored_work_environment,
        scored_work_tools,
        scored_work_support,
        scored_governance,
        scored_gov_decisions,
        scored_gov_finance
    ) >= 5
)
select
    organisation,
    year,
    measure,
    sum // scored
        + case
            when 2 * (sum % scored) > scored then 1
            when 2 * (sum % scored) = scored and (sum // scored) % 2 = 1 then 1
            else 0
        end as score,
    respondents
from measures;
