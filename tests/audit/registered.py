"""The registry: which handler every column of every published table and resource has; what is not in it ends the judge."""

from compared import (
    answers_mean, answers_organisations, asked, effective_number, expected_error, peers, peers_gap, peers_mean, peers_position,
    peers_quantile, peers_share, peers_target,
)
from handled import (
    JUDGE, bookkeeping, change, class_count, composition, cross_respondents, deviation, key, matched_row, mean_row, of_a_file, of_target, organisations,
    organisations_matched, path_value, public_fact, quantile, respondents, sentence, value_at_pace, words,
)
from opened import fail
from weighed import (
    change_of, difference_error, difference_of_changes, difference_uncertainty, exceeds, finding, group_count, group_mean, less,
    mean_beside, no_uncertainty, of_holder, offered, others_change, others_count, others_error, others_mean, pace, pace_error, pace_from,
    rank, said, strength_beside, strength_difference, strength_organisations, strength_uncertainty, strength_value, uncertainty_beside,
    value_target_gap,
)

CELL = {words: "instrument indicator group_id", key: "year"}
# Every column of every published table and resource, in the order in which handlers need them.
REGISTRY = {
    "group_members": {words: "instrument group_id organisation", key: "year"},
    "groups": {words: "instrument group_id kind sector name_sv name_en version parent merged_from histogram"},
    "indicators": {
        words: "instrument instrument_name_sv instrument_name_en subject_sv subject_en synthetic indicator parent level headline unit"
        " name_sv name_en",
        key: "position",
        public_fact: "weight",
    },
    "questions": {
        words: "instrument question indicator scale direction versions text_sv text_en", key: "position", public_fact: "weight",
    },
    "targets": {
        words: "target instrument indicator group_id name_sv name_en source_sv source_en",
        public_fact: "from_year from_value to_year to_value",
    },
    "courses": {words: "course instrument name_sv name_en provider url synthetic indicators roles valid_from valid_to"},
    "registered_groups": {words: "instrument group_id synthetic source_sv source_en", public_fact: "from_year to_year"},
    "organisations": {
        words: "organisation sector code number name official_name aliases county county_name skr_group_2017 skr_group_2023 branch owner"
        " predecessors valid_from valid_to",
    },
    "structure": {words: "organisation variable", key: "year", public_fact: "value standardised"},
    "method": {words: "section title_sv title_en text_sv text_en"},
    "notes": {words: "instrument note text_sv text_en"},
    "blocks": {**CELL, key: "year class_from class_to", class_count: "organisations"},
    "figures": {
        **CELL,
        words: "instrument indicator group_id status mean_bound series answers_with",
        mean_row: "mean",
        organisations: "organisations",
        respondents: "respondents",
        quantile(1): "lower_quartile",
        quantile(2): "median",
        quantile(3): "upper_quartile",
    },
    "changes": {
        **CELL,
        words: "instrument indicator group_id status",
        change: "change",
        organisations_matched: "organisations_matched",
        matched_row: "change_matched",
        composition: "change_composition",
    },
    "spread": {words: "instrument indicator", key: "year", deviation: "deviation_within_blocks"},
    "headlines": {
        words: "instrument indicator population population_name_sv population_name_en status value_bound",
        key: "year",
        mean_row: "value",
        change: "change",
        matched_row: "change_matched",
        composition: "change_composition",
        organisations: "organisations",
        organisations_matched: "organisations_matched",
        respondents: "respondents",
        of_target(lambda row, target: target["to_year"]): "target_year",
        of_target(lambda row, target: target["to_value"]): "target_value",
        of_target(path_value): "target_path_value",
        of_target(lambda row, target: target["to_value"] - row["value"]): "target_gap",
        of_target(lambda row, target: (target["to_value"] - row["value"]) / (target["to_year"] - row["year"])): "pace_needed",
        of_target(lambda row, target: row["change"]): "pace_had",
        of_target(value_at_pace): "value_at_pace",
        sentence: "sentence_sv sentence_en",
    },
    "answers_by_group": {
        words: "instrument question role group_id status mean_bound series",
        key: "year",
        answers_mean: "mean",
        answers_organisations: "organisations",
    },
    "cross_tables": {
        words: "table_id instrument group_id category status title_sv title_en category_sv category_en",
        key: "year",
        cross_respondents: "respondents",
    },
    "comparisons": {
        words: "instrument indicator organisation status method group_id answers_for mean_bound distribution_method blocks members"
        " sector_group change_status",
        key: "year",
        peers: "organisations",
        peers_mean: "mean",
        expected_error: "expected_error",
        effective_number: "effective_number",
        peers_target: "target_value",
        peers_gap: "target_gap",
        uncertainty_beside(None): "target_gap_uncertainty value_difference_uncertainty",
        exceeds("target_gap", "target_gap_uncertainty"): "target_gap_exceeds",
        mean_beside(lambda row: "all"): "all_mean",
        less("mean", "all_mean"): "all_difference",
        uncertainty_beside(lambda row: "all"): "all_difference_uncertainty",
        exceeds("all_difference", "all_difference_uncertainty"): "all_difference_exceeds",
        mean_beside(lambda row: row["sector_group"]): "sector_mean",
        less("mean", "sector_mean"): "sector_difference",
        uncertainty_beside(lambda row: row["sector_group"]): "sector_difference_uncertainty",
        exceeds("sector_difference", "sector_difference_uncertainty"): "sector_difference_exceeds",
        change_of("change"): "change",
        change_of("organisations_matched"): "organisations_matched",
        change_of("change_matched"): "change_matched",
        change_of("change_composition"): "change_composition",
        peers_quantile(1): "lower_quartile",
        peers_quantile(2): "median",
        peers_quantile(3): "upper_quartile",
        asked: "value",
        of_holder: "value_error",
        less("value", "mean"): "value_difference",
        exceeds("value_difference", "value_difference_uncertainty"): "value_difference_exceeds",
        value_target_gap: "value_target_gap",
        no_uncertainty: "value_target_gap_uncertainty",
        exceeds("value_target_gap", "value_target_gap_uncertainty"): "value_target_gap_exceeds",
        peers_position("below"): "position",
        peers_position("from"): "position_from",
        peers_position("to"): "position_to",
        **{peers_share(place): f"share_{place}" for place in range(0, 100, 10)},
    },
    "instruments": {
        words: "instrument instrument_name_sv instrument_name_en synthetic headline_indicator series_from",
        key: "first_year last_year",
        bookkeeping: "indicators questions",
    },
    "tables": {words: "table_name is_view title_sv title_en text_sv text_en digest", bookkeeping: "rows columns bytes"},
    "columns": {words: "table_name column_name kind unit is_key is_measure title_sv title_en text_sv text_en values"},
    "differences": {words: "table_name difference row_key column_name", bookkeeping: "rows", of_a_file: "before after"},
    "paced_changes": {
        words: "instrument indicator group_id status mean_bound series target",
        key: "year",
        change: "change",
        organisations_matched: "organisations_matched",
        matched_row: "change_matched",
        composition: "change_composition",
        mean_row: "mean",
        pace_from: "pace_from_year",
        pace: "pace",
        pace_error: "pace_error",
        of_target(lambda row, target: target["to_year"]): "target_year",
        of_target(lambda row, target: target["to_value"]): "target_value",
        of_target(lambda row, target: target["to_value"] - row["mean"]): "target_gap",
        of_target(lambda row, target: (target["to_value"] - row["mean"]) / (target["to_year"] - row["year"])): "pace_needed",
    },
    "strengths": {
        words: "instrument organisation method group_id answers_for blocks beside beside_group indicator indicator_name_sv"
        " indicator_name_en status tied courses_sv courses_en",
        key: "year",
        strength_organisations: "organisations",
        strength_value: "value",
        strength_beside: "beside_value",
        strength_difference: "difference",
        strength_uncertainty: "uncertainty",
        finding: "finding",
        rank: "rank",
        said: "explanation_sv explanation_en",
        offered: "courses",
    },
    "before_after": {
        words: "instrument indicator group_id status beside sectors caveat_sv caveat_en",
        key: "year_before year_after",
        public_fact: "period_from period_to",
        group_mean("before"): "group_before",
        group_mean("after"): "group_after",
        less("group_after", "group_before"): "group_change",
        group_count("before"): "group_organisations_before",
        group_count("after"): "group_organisations_after",
        others_mean("before"): "beside_before",
        others_error("before"): "beside_before_error",
        others_mean("after"): "beside_after",
        others_error("after"): "beside_after_error",
        others_change: "beside_change",
        others_count("before"): "beside_organisations_before",
        others_count("after"): "beside_organisations_after",
        difference_of_changes: "difference",
        difference_error: "difference_error",
        difference_uncertainty: "uncertainty",
        exceeds("difference", "uncertainty"): "exceeds",
        said: "sentence_sv sentence_en",
    },
    "releases": {words: "release kind published_at supersedes withdrawn policy_digest", bookkeeping: "sequence"},
}
HANDLERS = {
    (table, column): handler for table, own in REGISTRY.items() for handler, columns in own.items() for column in columns.split()
}


def handle(edition, collected, table, row):
    """Gives every value of a row to its handler."""
    for column, value in row.items():
        handler = HANDLERS.get((table, column))
        if handler is None:
            fail(JUDGE, f"the column {table}.{column} is unknown to the judge")
        if value is not None:
            handler(edition, collected, row, value)
            collected.handled[handler.__name__ if handler.__name__ != "read" else "derived"] += not isinstance(value, (str, bool))
