from __future__ import annotations

import pytest

from knowledge.lookup import Entry, Index

GLOSSARY = (
    Entry(
        "term.nps",
        "Net Promoter Score",
        aliases=("net promoter", "promoter score"),
        abbreviations=("NPS",),
        definition="A loyalty measure that asks how likely customers are to recommend a business on a scale of 0 to 10.",
        asked_as=("would you tell a friend about us, marked out of ten", "the share of fans minus the share of unhappy people"),
    ),
    Entry(
        "term.csat",
        "Customer Satisfaction Score",
        aliases=("csat score",),
        abbreviations=("CSAT",),
        definition="The percentage of customers who give one of the top two marks when asked how happy they were.",
        asked_as=("percent of people who ticked happy",),
    ),
    Entry(
        "term.pdca",
        "Plan-Do-Check-Act",
        aliases=("PDCA cycle", "Deming cycle"),
        abbreviations=("PDCA",),
        definition="A four-step loop for trying a change, checking the result and adjusting.",
    ),
    Entry("term.pdsa", "Plan-Do-Study-Act", abbreviations=("PDSA",), definition="A version of the loop that stresses learning."),
    Entry(
        "term.heat",
        "HEAT model",
        aliases=("hear empathise apologise take action",),
        abbreviations=("HEAT",),
        definition="Four steps for handling an upset customer.",
    ),
    Entry("term.last-model", "LAST model", abbreviations=("LAST",), definition="Listen, apologise, solve and thank."),
    Entry("term.smart", "SMART objectives", aliases=("SMART targets",), abbreviations=("SMART",), definition="Goals that pass five checks."),
    Entry("term.average", "Averages", aliases=("mean", "median", "mode"), definition="One number that stands for a set of numbers."),
    Entry("term.explain", "Explain", definition="A command verb that asks for reasons."),
    Entry("term.root-cause-analysis", "Root cause analysis", abbreviations=("RCA",), definition="A search for what really made a problem happen."),
    Entry("term.quality-assurance", "Quality assurance", abbreviations=("QA",), definition="Planned work that prevents mistakes."),
    Entry("term.quality-control", "Quality control", abbreviations=("QC",), definition="Checks that catch faults before the customer does."),
    Entry("term.correlation-causation", "Correlation and causation", aliases=("correlation vs causation", "correlation"), definition="Two things moving together, and one making the other happen."),
    Entry("term.repeat-business", "Repeat business", aliases=("repeat custom",), definition="Sales to people who have bought before."),
    Entry("term.customer-service", "Customer service", suggest_only=("service",), definition="Help for customers before, during and after a purchase."),
    Entry("term.service-recovery", "Service recovery", aliases=("recovery",), definition="Putting things right after a failure."),
    Entry("term.primary-data", "Primary data", definition="Facts collected first hand."),
    Entry("term.secondary-data", "Secondary data", definition="Facts that somebody else collected."),
    Entry("term.complaint", "Complaint", aliases=("complaints",), definition="An expression of dissatisfaction that wants an answer."),
    Entry("term.empathy", "Empathy", aliases=("empathise",), definition="Understanding how another person feels."),
    Entry("term.churn-rate", "Churn rate", aliases=("churn",), definition="The share of customers who leave in a period.", asked_as=("how many people cancel and go elsewhere",)),
    Entry("term.iso-9001", "ISO 9001", aliases=("quality management system standard",), definition="An international standard for managing quality."),
    Entry("term.organisational-procedures", "Organisational procedures", definition="The agreed way of doing things in a business."),
    Entry("term.five-whys", "5 Whys", aliases=("five whys",), definition="Asking why again until the cause is found."),
    Entry("term.coaching", "Coaching", suggest_only=("support",), definition="One-to-one help to improve."),
    Entry("term.mentoring", "Mentoring", suggest_only=("support",), definition="Longer guidance by somebody experienced."),
    Entry("term.percentage-change", "Percentage change", definition="How much bigger or smaller a number has become, out of a hundred."),
    Entry("term.kpi", "Key performance indicator", abbreviations=("KPI",), definition="A number that shows how close a goal is."),
    Entry("term.sla", "Service level agreement", abbreviations=("SLA",), definition="A promise of how good and how quick help will be."),
    Entry("term.voc", "Voice of the customer", definition="What customers say they want."),
)  # fmt: skip


@pytest.fixture(scope="session")
def index() -> Index:
    return Index.build(GLOSSARY)
