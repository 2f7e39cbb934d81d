// XML becomes JSON as AppSync's manual shows it and org.json makes it.
#include "server/resolve/xml.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace holdfast::server {
namespace {

std::string json_of(const std::string& xml) {
  const auto read = read_xml(xml);
  return read ? json::write(*read) : read.error().message;
}

TEST(Xml, IsReadAsInTheManual) {
  EXPECT_EQ(json_of(R"(<?xml version="1.0" encoding="UTF-8"?>
<posts>
<post> <id>1</id> <title>Getting started with GraphQL</title> </post>
</posts>)"), R"({"posts":{"post":{"id":1,"title":"Getting started with GraphQL"}}})");
  EXPECT_EQ(json_of("<posts><post><id>1</id></post><post><id>2</id></post></posts>"),
            R"({"posts":{"post":[{"id":1},{"id":2}]}})");
}

TEST(Xml, MembersAreAttributesChildrenAndContent) {
  EXPECT_EQ(json_of(R"(<a x="1" y="z"> b <c/> d </a>)"), R"({"a":{"x":1,"y":"z","content":["b","d"],"c":""}})");
  EXPECT_EQ(json_of(R"(<a x="1"><x>2</x></a>)"), R"({"a":{"x":[1,2]}})");
  EXPECT_EQ(json_of(R"(<n:a xmlns:n="urn:n"><n:b>t</n:b></n:a>)"), R"({"n:a":{"xmlns:n":"urn:n","n:b":"t"}})");
  EXPECT_EQ(json_of("<content>x</content>"), R"({"content":"x"})");
  EXPECT_EQ(json_of("<a>one<!-- two -->three<?four?>five</a>"), R"({"a":["one","three","five"]})");
}

TEST(Xml, TextsThatReadAsValuesAreValues) {
  EXPECT_EQ(json_of("<a><b>True</b><b>false</b><b>NULL</b><b>-12</b><b>1.5</b><b>1e3</b></a>"),
            R"({"a":{"b":[true,false,null,-12,1.5,1000.0]}})");
  EXPECT_EQ(json_of("<a><b>007</b><b>+1</b><b>1.</b><b>.5</b><b>-</b><b>0x1</b><b>99999999999999999999</b><b>1e999</b></a>"),
            R"({"a":{"b":["007","+1","1.",".5","-","0x1","99999999999999999999","1e999"]}})");
  EXPECT_EQ(json_of("<a><![CDATA[ 1 < 2 ]]></a>"), R"({"a":" 1 < 2 "})");
  EXPECT_EQ(json_of("<a>&lt;&#252;&amp;</a>"), "{\"a\":\"<\u00fc&\"}");
}

TEST(Xml, ThatIsNoneSaysWhere) {
  EXPECT_EQ(json_of("<a>\n<b></a>"), "line 2, column 6: mismatched tag");
  EXPECT_EQ(json_of(""), "line 1, column 1: no element found");
  EXPECT_EQ(json_of("{\"a\":1}"), "line 1, column 1: not well-formed (invalid token)");
  EXPECT_EQ(read_xml("<a>").error().code, Code::malformed);
}

TEST(Xml, ExpandsNoEntitiesAndReadsNothingElse) {
  EXPECT_EQ(json_of("<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a>1</a>"), R"({"a":1})");
  EXPECT_NE(json_of("<!DOCTYPE a SYSTEM \"a.dtd\"><a>&x;</a>").find("uses an entity"), std::string::npos);
  EXPECT_NE(json_of("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>").find("declares entities"), std::string::npos);
  EXPECT_NE(json_of("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>").find("declares entities"),
            std::string::npos);
}

TEST(Xml, HasABoundOnNesting) {
  const auto nested = [](std::size_t depth) {
    std::string all;
    for (std::size_t at = 0; at < depth; ++at) all += "<a>";
    for (std::size_t at = 0; at < depth; ++at) all += "</a>";
    return all;
  };
  EXPECT_TRUE(read_xml(nested(xml_depth_max)).has_value());
  EXPECT_NE(json_of(nested(xml_depth_max + 1)).find("nest more than 100 deep"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::server
