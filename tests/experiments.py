"""A survey that is tried in two ways, for all tests of experiments."""

SURVEY = """format = 1
key = "after_visit"
touchpoint = "visit"
languages = ["en", "zh-Hans"]
unhappy = "satisfaction <= 2"
experiment.key = "recommend_first"
experiment.answers = 200

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was your visit?"
text.zh-Hans = "您对这次光临满意吗？"

[[question]]
key = "recommend"
kind = "nps"
text.en = "How likely are you to recommend us to a friend?"
text.zh-Hans = "您有多大可能把我们推荐给朋友？"

[[variant]]
key = "b"
share = 0.5
order = ["recommend", "satisfaction"]
question.satisfaction.text.en = "And how was today's visit?"
question.satisfaction.text.zh-Hans = "那么，今天这次光临您满意吗？"
"""
