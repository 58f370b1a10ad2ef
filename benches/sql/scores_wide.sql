-- name: peers/scores_wide
-- purpose: the bench `scores` on wide microdata: a row per respondent, a column per question
-- input: answers
-- result: organisation_scores, as sql/score defines it
-- Written by `python benches/peers.py generate` from schemas/instrument/digital-maturity.toml; do not edit.

create or replace temp table organisation_scores as
with factor_scores as (
    select
        organisation,
        year,
        round,
        (25e0 * (1e0 + 2e0 * coalesce(q01, 1::tinyint)::double + coalesce(q02, 1::tinyint)::double + coalesce(q03, 1::tinyint)::double - coalesce(q04, 5::tinyint)::double))
            / case when (2e0 * (q01 is not null)::double + (q02 is not null)::double + (q03 is not null)::double + (q04 is not null)::double) >= 2.5e0 then (2e0 * (q01 is not null)::double + (q02 is not null)::double + (q03 is not null)::double + (q04 is not null)::double) end as points_sense_needs,
        (25e0 * (-3e0 + coalesce(q05, 1::tinyint)::double + coalesce(q06, 1::tinyint)::double + coalesce(q07, 1::tinyint)::double))
            / case when ((q05 is not null)::double + (q06 is not null)::double + (q07 is not null)::double) >= 1.5e0 then ((q05 is not null)::double + (q06 is not null)::double + (q07 is not null)::double) end as points_sense_outlook,
        (25e0 * (3e0 + coalesce(q08, 1::tinyint)::double + coalesce(q09, 1::tinyint)::double - coalesce(q10, 5::tinyint)::double))
            / case when ((q08 is not null)::double + (q09 is not null)::double + (q10 is not null)::double) >= 1.5e0 then ((q08 is not null)::double + (q09 is not null)::double + (q10 is not null)::double) end as points_seize_priorities,
        (25e0 * (-3e0 + coalesce(q11, 1::tinyint)::double + coalesce(q12, 1::tinyint)::double + coalesce(q13, 1::tinyint)::double))
            / case when ((q11 is not null)::double + (q12 is not null)::double + (q13 is not null)::double) >= 1.5e0 then ((q11 is not null)::double + (q12 is not null)::double + (q13 is not null)::double) end as points_seize_trials,
        (25e0 * (-3e0 + coalesce(q14, 1::tinyint)::double + coalesce(q15, 1::tinyint)::double + coalesce(q16, 1::tinyint)::double))
            / case when ((q14 is not null)::double + (q15 is not null)::double + (q16 is not null)::double) >= 1.5e0 then ((q14 is not null)::double + (q15 is not null)::double + (q16 is not null)::double) end as points_transform_ways,
        (25e0 * (2e0 + coalesce(q17, 1::tinyint)::double + coalesce(q18, 1::tinyint)::double + coalesce(q19, 1::tinyint)::double - coalesce(q20, 5::tinyint)::double))
            / case when ((q17 is not null)::double + (q18 is not null)::double + (q19 is not null)::double + (q20 is not null)::double) >= 2e0 then ((q17 is not null)::double + (q18 is not null)::double + (q19 is not null)::double + (q20 is not null)::double) end as points_transform_benefits,
        (25e0 * (13e0 - 2e0 * coalesce(q21, 5::tinyint)::double + coalesce(q22, 1::tinyint)::double - coalesce(q23, 5::tinyint)::double + coalesce(q24, 1::tinyint)::double))
            / case when (2e0 * (q21 is not null)::double + (q22 is not null)::double + (q23 is not null)::double + (q24 is not null)::double) >= 2.5e0 then (2e0 * (q21 is not null)::double + (q22 is not null)::double + (q23 is not null)::double + (q24 is not null)::double) end as points_infra_systems,
        (25e0 * (3e0 - coalesce(q25, 5::tinyint)::double + coalesce(q26, 1::tinyint)::double + coalesce(q27, 1::tinyint)::double))
            / case when ((q25 is not null)::double + (q26 is not null)::double + (q27 is not null)::double) >= 1.5e0 then ((q25 is not null)::double + (q26 is not null)::double + (q27 is not null)::double) end as points_infra_data,
        (25e0 * (9e0 + coalesce(q28, 1::tinyint)::double - coalesce(q29, 5::tinyint)::double - coalesce(q30, 5::tinyint)::double))
            / case when ((q28 is not null)::double + (q29 is not null)::double + (q30 is not null)::double) >= 1.5e0 then ((q28 is not null)::double + (q29 is not null)::double + (q30 is not null)::double) end as points_work_tools,
        (25e0 * (3e0 + coalesce(q31, 1::tinyint)::double + coalesce(q32, 1::tinyint)::double - coalesce(q33, 5::tinyint)::double))
            / case when ((q31 is not null)::double + (q32 is not null)::double + (q33 is not null)::double) >= 1.5e0 then ((q31 is not null)::double + (q32 is not null)::double + (q33 is not null)::double) end as points_work_support,
        (25e0 * (7e0 + 2e0 * coalesce(q34, 1::tinyint)::double + coalesce(q35, 1::tinyint)::double - coalesce(q36, 5::tinyint)::double - coalesce(q37, 5::tinyint)::double))
            / case when (2e0 * (q34 is not null)::double + (q35 is not null)::double + (q36 is not null)::double + (q37 is not null)::double) >= 2.5e0 then (2e0 * (q34 is not null)::double + (q35 is not null)::double + (q36 is not null)::double + (q37 is not null)::double) end as points_gov_decisions,
        (25e0 * (9e0 - coalesce(q38, 5::tinyint)::double + coalesce(q39, 1::tinyint)::double - coalesce(q40, 5::tinyint)::double))
            / case when ((q38 is not null)::double + (q39 is not null)::double + (q40 is not null)::double) >= 1.5e0 then ((q38 is not null)::double + (q39 is not null)::double + (q40 is not null)::double) end as points_gov_finance
    from answers
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
